package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.netns.Namespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysctlsTest {
    /** As this one, but older. */
    private static final RunningKernel LINUX_6_8 = new RunningKernel(
            KernelRelease.parse("6.8.0-45-generic"),
            name -> RunningKernel.current().has(name)
                    && !name.dotted().equals("net.ipv4.tcp_rto_max_ms")
                    && !name.dotted().equals("net.ipv4.tcp_plb_enabled"));

    private final Namespace namespace = Namespace.create("sysctls");
    private final Sysctls sysctls = Sysctls.of(namespace);

    @AfterEach
    void closeNamespace() {
        namespace.close();
    }

    @Test
    void readsMoreThanTheFirstCharacter() {
        assertThat(sysctls.read("net.ipv4.tcp_fin_timeout")).isEqualTo("60");
        assertThat(sysctls.read("net/ipv4/ip_local_port_range")).isEqualTo("32768\t60999");
    }

    @Test
    void writesInItsNamespaceOnly() {
        String here = ProcFile.read("/proc/sys/net/ipv4/tcp_fin_timeout");
        assertThat(sysctls.write("net.ipv4.tcp_fin_timeout", "7")).isEqualTo("7");
        assertThat(sysctls.read("net.ipv4.tcp_fin_timeout")).isEqualTo("7");
        assertThat(ProcFile.read("/proc/sys/net/ipv4/tcp_fin_timeout")).isEqualTo(here);
        try (Namespace other = Namespace.create("other")) {
            assertThat(Sysctls.of(other).read("net.ipv4.tcp_fin_timeout")).isEqualTo("60");
        }
    }

    @Test
    void neverWritesWhereTheProcessWasStarted() {
        assertThatThrownBy(() -> Sysctls.of(Namespace.current()).write("net.ipv4.tcp_fin_timeout", "60"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the lab never changes the host");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    net.ipv4.ip_local_port_range    | 1024 65000      | 1024\t65000
                    net.ipv4.ip_local_reserved_ports | 9002,9000,9001,80 | 80,9000-9002
                    net.ipv4.tcp_fastopen           | 0x3             | 3
                    net.ipv4.tcp_rmem               | 4096 8192 16384 | 4096\t8192\t16384
                    net.ipv4.tcp_congestion_control | reno            | reno
                    net.ipv4.conf.lo.rp_filter      | 2               | 2
                    net/ipv4/conf/default/rp_filter | 1               | 1
                    """)
    void showsWhatTheKernelMadeOfAValue(String name, String value, String shown) {
        assertThat(sysctls.write(name, value)).isEqualTo(shown);
    }

    @Test
    void aTimeInTicksMayBeRoundedUp() {
        assertThat(Integer.parseInt(sysctls.write("net.ipv4.tcp_invalid_ratelimit", "5")))
                .isBetween(5, 10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    net.ipv4.tcp_fin_timout    | 5       | net.ipv4.tcp_fin_timout doesn't exist, and the lab doesn't know it; did you mean net.ipv4.tcp_fin_timeout?
                    tcp.tw_reuse               | 1       | tcp.tw_reuse is
                    tcp_tw_reuse               | 1       | "tcp_tw_reuse" isn't a sysctl name
                    net.ipv4..tcp_sack         | 1       | isn't a sysctl name
                    net/../kernel/panic        | 1       | isn't a sysctl name
                    net.ipv4.tcp_tw_recycle    | 1       | net.ipv4.tcp_tw_recycle is gone since Linux 4.12 (this is 6.8.0-45-generic)
                    net.ipv4.tcp_rto_max_ms    | 2000    | net.ipv4.tcp_rto_max_ms came with Linux 6.15 (this is 6.8.0-45-generic)
                    net.ipv4.tcp_plb_enabled   | 1       | net.ipv4.tcp_plb_enabled doesn't exist here: this kernel was built without it
                    net.ipv4.tcp_mem           | 1 2 3   | net.ipv4.tcp_mem is global: it belongs to the host
                    kernel.panic               | 1       | kernel.panic is global: it belongs to the host
                    net.core.rmem_max          | 4096    | net.core.rmem_max is global: it belongs to the host
                    net.ipv4.tcp_ehash_entries | 1       | net.ipv4.tcp_ehash_entries is read-only
                    net.ipv4.tcp_fin_timeout   | -1      | net.ipv4.tcp_fin_timeout takes -1, but only 0 to 2147483 makes sense
                    net.ipv4.tcp_fin_timeout   | 010     | is 8: after a leading 0 the kernel reads an octal number
                    net.ipv4.tcp_sack          | 2       | net.ipv4.tcp_sack takes 2, but only 0 or 1 makes sense
                    net.ipv4.tcp_fastopen      | 8       | takes 8, but only a sum of
                    net.ipv4.tcp_rmem          | 3 2 1   | 3 numbers in ascending order
                    net.ipv4.tcp_rmem          | 1 2     | takes 3 numbers: a missing one keeps its old value
                    net.ipv4.ip_local_reserved_ports | 70000 | takes ports and ranges of ports
                    net.ipv4.tcp_congestion_control  | none  | (net.ipv4.tcp_allowed_congestion_control), not "none"
                    """)
    void saysWhatIsWrongBeforeAnythingStarts(String name, String value, String problem) {
        assertThat(Sysctls.problem(name, value, LINUX_6_8))
                .hasValueSatisfying(found -> assertThat(found).contains(problem));
    }

    @Test
    void takesWhatAnOlderKernelHasFromALaterOne() {
        RunningKernel patched = new RunningKernel(
                KernelRelease.parse("6.6.131"), name -> RunningKernel.current().has(name));
        assertThat(Sysctls.problem("net.ipv4.tcp_pingpong_thresh", "2", patched))
                .isEmpty();
    }

    @Test
    void refusesAValueOfTwoLines() {
        assertThat(Sysctls.problem("net.ipv4.tcp_sack", "1\n0")).isPresent();
    }

    @Test
    void setsNothingThatTheKernelRefuses() {
        assertThatThrownBy(() -> sysctls.write("net.ipv4.tcp_tw_reuse", "3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("net.ipv4.tcp_tw_reuse takes 0 to 2, not \"3\"");
        assertThat(sysctls.read("net.ipv4.tcp_tw_reuse")).isEqualTo("2");
    }

    @Test
    void setsWhatTheKernelTakesWhateverItMeans() {
        assertThat(sysctls.write("net.ipv4.tcp_fin_timeout", "-1")).isEqualTo("-1");
        assertThat(sysctls.write("net.ipv4.tcp_fin_timeout", "010 # c")).isEqualTo("8");
        assertThat(sysctls.write("net.ipv4.tcp_wmem", "5")).startsWith("5\t");
    }

    @Test
    void namesTheErrorAndTheRemedy() {
        assertThatThrownBy(() -> sysctls.read("net.ipv4.tcp_mem"))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessage("read net.ipv4.tcp_mem: ENOENT (No such file or directory):"
                        + " this namespace doesn't have it; the whole host shares one value");
        assertThatThrownBy(() -> sysctls.read("net.ipv4.tcp_fin_timeot"))
                .hasMessageContaining("this kernel doesn't have it; did you mean net.ipv4.tcp_fin_timeout?");
        assertThatThrownBy(() -> sysctls.write("net.ipv4.ip_unprivileged_port_start", "60000"))
                .hasMessageContaining("EINVAL (Invalid argument): it takes 0 to 65535");
    }

    @Test
    void saysSoWhenTheKernelKeepsAnotherValue() {
        // The kernel reads 07 in base 8 and shows 7; the catalogue, which would have refused it, does not know this
        // name.
        assertThatThrownBy(() -> sysctls.write("net.ipv4.conf.lo.rp_filter", "01"))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("the kernel accepted it without an error, but now shows 1");
    }

    @Test
    void listsWhatTheNamespaceHas() {
        assertThat(sysctls.list())
                .containsEntry("net.ipv4.tcp_fin_timeout", "60")
                .doesNotContainKeys("net.ipv4.tcp_mem", "net.ipv4.tcp_tw_recycle");
    }

    @Test
    void readsTheHostsFromTheHost() {
        assertThat(Sysctls.of(Namespace.current()).read("net.ipv4.tcp_mem")).matches("\\d+\t\\d+\t\\d+");
    }
}
