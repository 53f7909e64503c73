package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.SysctlDiff.Difference;
import io.tcplab.kernel.sysctl.SysctlDiff.Origin;
import io.tcplab.kernel.sysctl.SysctlDiff.Overridden;
import io.tcplab.kernel.sysctl.SysctlDiff.Which;
import java.util.List;
import org.junit.jupiter.api.Test;

class SysctlDiffTest {
    private static final RunningKernel KERNEL = new RunningKernel(
            KernelRelease.parse("6.18"), name -> !name.dotted().equals("net.ipv4.tcp_tw_recycle"));

    @Test
    void tellsWhatIsNotTheSameOnceInForce() {
        SysctlDiff diff = diff("""
                net.ipv4.tcp_fin_timeout = 30
                net/ipv4/ip_local_port_range = 1024\t65000
                net.ipv4.tcp_sack = 1
                """, """
                net.ipv4.tcp_fin_timeout = 60
                net.ipv4.ip_local_port_range = 1024 65000
                net.ipv4.tcp_timestamps = 0
                """);
        assertThat(diff.differences())
                .extracting(
                        Difference::name,
                        each -> each.first().value(),
                        each -> each.first().origin(),
                        each -> each.second().value())
                .containsExactly(
                        tuple("net.ipv4.tcp_fin_timeout", "30", Origin.FILE, "60"),
                        tuple("net.ipv4.tcp_timestamps", "1", Origin.DEFAULT, "0"));
        assertThat(diff.same()).isEqualTo(2);
        assertThat(diff.differences())
                .allSatisfy(each -> assertThat(each.meaning()).isNotEmpty());
    }

    @Test
    void aLaterLineCountsAndTheEarlierIsTold() {
        SysctlDiff diff = diff("net.ipv4.tcp_sack = 0\nnet.ipv4.tcp_sack = 1\n", "net.ipv4.tcp_sack = 1\nnonsense\n");
        assertThat(diff.differences()).isEmpty();
        assertThat(diff.overridden()).containsExactly(new Overridden(Which.FIRST, "net.ipv4.tcp_sack", "0", 1, "1", 2));
        assertThat(diff.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(Which.SECOND);
            assertThat(problem.problem().line()).isEqualTo(2);
        });
    }

    @Test
    void whatTheKernelWontTakeIsTold() {
        List<Difference> differences =
                diff("net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_sack = x\n", "").differences();
        assertThat(differences).hasSize(2);
        assertThat(differences.getFirst().first().problem()).startsWith("is gone since Linux 4.12");
        assertThat(differences.getLast().first().problem()).startsWith("takes 0 or 1, not");
    }

    @Test
    void comparesWithWhatIsInForceHere() {
        try (Namespace namespace = Namespace.create("diff")) {
            Sysctls.of(namespace).write("net.ipv4.tcp_fin_timeout", "17");
            SysctlDiff diff = namespace.call(() -> SysctlDiff.withHere("""
                    net.ipv4.tcp_fin_timeout = 30
                    net.ipv4.tcp_sack = 1
                    """));
            assertThat(diff.differences()).singleElement().satisfies(difference -> {
                assertThat(difference.second().value()).isEqualTo("17");
                assertThat(difference.second().origin()).isEqualTo(Origin.HERE);
            });
            assertThat(diff.same()).isEqualTo(1);
        }
    }

    private static SysctlDiff diff(String first, String second) {
        return SysctlDiff.ofFiles(first, second, SysctlDefaults.ofCatalogue("a test"), KERNEL);
    }
}
