package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlFileTest {
    @Test
    void readsWhatSysctlAndSystemdRead() {
        SysctlFile file = SysctlFile.parse("""
                # a comment
                ; another

                net.ipv4.tcp_fin_timeout = 30
                   net/ipv4/tcp_tw_reuse=1
                net.ipv4.ip_local_port_range =\t1024 65000\s\s
                net.ipv4.conf.lo.rp_filter=0
                net/ipv4/conf/lo/arp_filter = 0
                -net.ipv4.tcp_sack = 0
                """);
        assertThat(file.settings())
                .containsExactly(
                        new SysctlSetting("net.ipv4.tcp_fin_timeout", "30", false, 4),
                        new SysctlSetting("net.ipv4.tcp_tw_reuse", "1", false, 5),
                        new SysctlSetting("net.ipv4.ip_local_port_range", "1024 65000", false, 6),
                        new SysctlSetting("net.ipv4.conf.lo.rp_filter", "0", false, 7),
                        new SysctlSetting("net.ipv4.conf.lo.arp_filter", "0", false, 8),
                        new SysctlSetting("net.ipv4.tcp_sack", "0", true, 9));
        assertThat(file.problems()).isEmpty();
    }

    @Test
    void theFirstSeparatorDecides() {
        assertThat(SysctlName.parse("net.ipv4.conf.eth0/100.rp_filter").path())
                .isEqualTo("/proc/sys/net/ipv4/conf/eth0.100/rp_filter")
                .isEqualTo(SysctlName.parse("net/ipv4/conf/eth0.100/rp_filter").path());
        assertThat(SysctlName.parse("net/ipv4/conf/eth0.100/rp_filter").dotted())
                .isEqualTo("net.ipv4.conf.eth0/100.rp_filter");
    }

    @Test
    void aCommentBeginsOnlyWhereTheLineBeginsButTheKernelReadsANumberUpToASpace() {
        SysctlFile file = SysctlFile.parse("""
                net.ipv4.tcp_fin_timeout = 30 # half a minute
                net.ipv4.tcp_sack = 0;
                net.ipv4.tcp_dsack = 0 ; off
                """);
        assertThat(file.values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("net.ipv4.tcp_fin_timeout", "30", "net.ipv4.tcp_dsack", "0"));
        assertThat(file.told("f"))
                .containsExactly(
                        "f:2:21: net.ipv4.tcp_sack takes 0 or 1, not \"0;\"; after a number the kernel accepts only"
                                + " white space (not set)");
    }

    @Test
    void whatIsSetAllTheSameIsDoubted() {
        SysctlFile file = SysctlFile.parse("net.ipv4.tcp_fin_timeout = 010\nnet.ipv4.tcp_sack = 2\n");
        assertThat(file.values())
                .containsExactlyInAnyOrderEntriesOf(Map.of("net.ipv4.tcp_fin_timeout", "8", "net.ipv4.tcp_sack", "2"));
        assertThat(file.told("f"))
                .containsExactly(
                        "f:1:28: net.ipv4.tcp_fin_timeout is 8: after a leading 0 the kernel reads an octal number"
                                + " (set anyway)",
                        "f:2:21: net.ipv4.tcp_sack takes 2, but only 0 or 1 makes sense (set anyway)");
    }

    @Test
    void theLaterLineWins() {
        SysctlFile file = SysctlFile.parse("""
                net.ipv4.tcp_fin_timeout = 30
                net.ipv4.tcp_tw_reuse = 1
                net/ipv4/tcp_fin_timeout = 40
                """);
        assertThat(file.values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("net.ipv4.tcp_fin_timeout", "40", "net.ipv4.tcp_tw_reuse", "1"));
    }

    @Test
    void tellsAllThatIsWrongWithItsPlaceAndGoesOn() {
        SysctlFile file = SysctlFile.parse("""
                net.ipv4.tcp_fin_timeout 30
                net.ipv4.tcp_fin_timeout =   ninety
                  net.ipv4.tcp_fin_timout = 30
                = 5
                net.ipv4.tcp_tw_recycle = 1
                net.ipv4.tcp_mem = 1 2 3
                vm.swappiness = 1
                net.ipv4.tcp_sack = 1
                ent.ipv4.tcp_sack = 0
                """);
        assertThat(file.values()).containsOnlyKeys("net.ipv4.tcp_sack");
        assertThat(file.problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .isEqualTo("1:1: \"net.ipv4.tcp_fin_timeout 30\" has no \"=\" and is skipped (expected:"
                                        + " name = value)"),
                        problem -> assertThat(problem).startsWith("2:30: net.ipv4.tcp_fin_timeout takes 0 to"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "3:3: net.ipv4.tcp_fin_timout doesn't exist, and the lab doesn't know it; did"
                                                + " you mean net.ipv4.tcp_fin_timeout?"),
                        problem -> assertThat(problem).startsWith("4:1: \"\" isn't a sysctl name"),
                        problem ->
                                assertThat(problem).startsWith("5:1: net.ipv4.tcp_tw_recycle is gone since Linux 4.12"),
                        problem -> assertThat(problem).startsWith("6:1: net.ipv4.tcp_mem is global"),
                        problem -> assertThat(problem)
                                .startsWith("9:1: ent.ipv4.tcp_sack doesn't exist")
                                .contains("mean net.ipv4.tcp_sack"));
        assertThat(file.told("f")).endsWith("f: about the host, not about its network: line 7 (not set)");
    }

    @Test
    void aDashLetsALineFail() {
        SysctlFile file = SysctlFile.parse("""
                -net.ipv4.tcp_tw_recycle = 1
                -net.ipv4.tcp_fin_timeout = x
                net.ipv4.tcp_sack = 1
                """);
        assertThat(file.values()).containsOnlyKeys("net.ipv4.tcp_sack");
        assertThat(file.problems())
                .extracting(Problem::line, Problem::column, Problem::expected)
                .containsExactly(tuple(1, 2, true), tuple(2, 29, true));
    }

    @Test
    void aPatternSetsWhatNoOtherLineNames() {
        SysctlFile file = SysctlFile.parse("""
                net.ipv4.tcp_keepalive_* = 5
                -net.ipv4.tcp_keepalive_time
                net.ipv4.tcp_keepalive_probes = 3
                """);
        assertThat(file.values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("net.ipv4.tcp_keepalive_intvl", "5", "net.ipv4.tcp_keepalive_probes", "3"));
    }

    @Test
    void aPatternReachesWhatTheNamespaceHas() {
        assertThat(SysctlFile.parse("net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\n")
                        .values())
                .containsEntry("net.ipv4.conf.default.rp_filter", "2")
                .doesNotContainKey("net.ipv4.conf.all.rp_filter");
    }

    @Test
    void aPatternThatMatchesNothingIsTold() {
        assertThat(SysctlFile.parse("net.*.tcp_nothing_* = 1\nnet.ipv4.tcp_[ = 1\n")
                        .problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .isEqualTo("1:1: nothing that a namespace can set matches net.*.tcp_nothing_*"),
                        problem -> assertThat(problem).startsWith("2:1: net.ipv4.tcp_[ is not a valid pattern"));
    }

    /** What nobody has put into the catalogue is tried in a namespace that is made for it. */
    @Test
    void whatIsNotAboutTcpIsAskedOfTheKernel() {
        SysctlFile file = SysctlFile.parse("""
                net.ipv4.conf.all.log_martians = 1 # c
                net.ipv4.conf.all.log_martians = 0# c
                net.ipv4.route.flush = 1
                net.ipv4.conf.eth9.rp_filter = 1
                net.ipv4.udp_mem = 1 2 3
                """);
        assertThat(file.values()).containsExactlyInAnyOrderEntriesOf(Map.of("net.ipv4.conf.all.log_martians", "1"));
        assertThat(file.problems())
                .extracting(Problem::line, Problem::column)
                .containsExactly(tuple(2, 34), tuple(3, 1), tuple(4, 1), tuple(5, 1));
    }

    /** The last values, in the order of their lines, the kernel would refuse: 1000 is below 1024. */
    @Test
    void whatIsLeftCanBeSetInItsOrder() {
        assertThat(SysctlFile.parse("""
                        net.ipv4.ip_unprivileged_port_start = 80
                        net.ipv4.ip_local_port_range = 1000 65000
                        net.ipv4.ip_unprivileged_port_start = 500
                        """).values().keySet())
                .containsExactly("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_port_range");
    }

    @Test
    void numbersBeforeAMistakeAreSet() {
        SysctlFile file = SysctlFile.parse("net.ipv4.tcp_wmem = 5000 20000 # c\n");
        assertThat(file.values().get("net.ipv4.tcp_wmem")).startsWith("5000 20000 ");
        assertThat(file.told("f"))
                .singleElement()
                .asString()
                .contains("not \"5000 20000 # c\"; a comment can only start at the beginning of a line; but the"
                        + " values before the mistake are set: it is 5000 20000 ")
                .endsWith(" then (set anyway)");
    }

    /** The range's lower end is held against ip_unprivileged_port_start as it is at that line. */
    @Test
    void aValueMayDependOnALineBeforeIt() {
        assertThat(SysctlFile.parse("net.ipv4.ip_local_port_range = 1000 65000").told("f"))
                .containsExactly("f:1:32: net.ipv4.ip_local_port_range may not be below"
                        + " net.ipv4.ip_unprivileged_port_start, which is 1024 at this line (not set)");
        assertThat(SysctlFile.parse("""
                        net.ipv4.ip_unprivileged_port_start = 80
                        net.ipv4.ip_local_port_range = 1000 65000
                        net.ipv4.ip_unprivileged_port_start = 2000
                        """).told("f"))
                .singleElement()
                .asString()
                .startsWith("f:3:39: net.ipv4.ip_unprivileged_port_start may not be above net.ipv4.ip_local_port_range,"
                        + " which is 1000 at this line");
    }

    /** sysctl(8) is the witness: the same lines, in a namespace, and what it says of each. */
    @Test
    void readsNamesAsSysctlDoes() {
        SysctlFile file = SysctlFile.parse("""
                net..ipv4.tcp_dsack = 0
                - net.ipv4.tcp_fack = 1
                /net/ipv4/tcp_rfc1337 = 1
                net.ipv4.tcp_no_metrics_save. = 1
                .net.ipv4.tcp_ecn = 1
                \uFEFFnet.ipv4.tcp_frto = 0
                net.ipv4.tcp_tw_reuse\t=1
                net.ipv4.tcp_retries2 = 0x1e
                net.ipv4.tcp_reordering=4 9 x
                tcp_sack = 0
                net.ipv4.ip_local_reserved_ports=
                net.ipv4.tcp_wmem = 5
                """);
        assertThat(file.values().keySet())
                .containsExactly(
                        "net.ipv4.tcp_dsack",
                        "net.ipv4.tcp_rfc1337",
                        "net.ipv4.tcp_ecn",
                        "net.ipv4.tcp_tw_reuse",
                        "net.ipv4.tcp_retries2",
                        "net.ipv4.tcp_reordering",
                        "net.ipv4.ip_local_reserved_ports",
                        "net.ipv4.tcp_wmem");
        assertThat(file.values())
                .containsEntry("net.ipv4.tcp_retries2", "30")
                .containsEntry("net.ipv4.tcp_reordering", "4");
        assertThat(file.problems()).extracting(Problem::line).containsExactly(2, 4, 6, 10);
        assertThat(file.problems().getLast().message()).endsWith("; did you mean net.ipv4.tcp_sack?");
        assertThat(file.problems().get(2).message()).contains("byte order mark");
    }

    @Test
    void readsFiles(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("lab.conf");
        Files.writeString(file, "net.ipv4.tcp_fin_timeout = 5\r\n\r\nnet.ipv4.tcp_sack = 1");
        assertThat(SysctlFile.parse(file).values())
                .containsEntry("net.ipv4.tcp_fin_timeout", "5")
                .containsEntry("net.ipv4.tcp_sack", "1");

        Files.write(file, new byte[] {'#', (byte) 0xE9, '\n', 'v', 'm', '.', 'x', '=', (byte) 0xE9});
        assertThatThrownBy(() -> SysctlFile.parse(file)).hasMessageContaining("line 2 (not set)");

        Files.writeString(file, "nonsense");
        assertThatThrownBy(() -> SysctlFile.parse(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("nothing in " + file + " can be set:\n" + file + ":1:1: ");
        assertThatThrownBy(() -> SysctlFile.parse(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
