package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
        assertThat(file.ignored()).isEmpty();
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
    void aCommentBeginsOnlyWhereTheLineBegins() {
        assertThat(problems("net.ipv4.tcp_fin_timeout = 30 # half a minute"))
                .containsExactly(
                        "1:28: net.ipv4.tcp_fin_timeout takes 0 to 2147483, not \"30 # half a minute\" (decimal only)");
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
    void tellsAllThatIsWrongWithItsPlace() {
        assertThat(problems("""
                        net.ipv4.tcp_fin_timeout 30
                        net.ipv4.tcp_fin_timeout =   ninety
                          net.ipv4.tcp_fin_timout = 30
                        = 5
                        net.ipv4.tcp_tw_recycle = 1
                        net.ipv4.tcp_mem = 1 2 3
                        net.ipv4.tcp_sack = 1
                        """))
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "1:1: \"net.ipv4.tcp_fin_timeout 30\" has no \"=\" (expected: name = value)"),
                        problem -> assertThat(problem).startsWith("2:30: net.ipv4.tcp_fin_timeout takes 0 to"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "3:3: unknown sysctl net.ipv4.tcp_fin_timout; did you mean net.ipv4.tcp_fin_timeout?"),
                        problem -> assertThat(problem).startsWith("4:1: \"\" is no sysctl's name"),
                        problem ->
                                assertThat(problem).startsWith("5:1: net.ipv4.tcp_tw_recycle is gone since Linux 4.12"),
                        problem -> assertThat(problem).startsWith("6:1: net.ipv4.tcp_mem is global"));
    }

    @Test
    void aDashLetsALineFail() {
        SysctlFile file = SysctlFile.parse("""
                -net.ipv4.tcp_tw_recycle = 1
                - net.ipv4.tcp_fin_timeout = x
                net.ipv4.tcp_sack = 1
                """);
        assertThat(file.values()).containsOnlyKeys("net.ipv4.tcp_sack");
        assertThat(file.ignored())
                .extracting(Problem::line, Problem::column)
                .containsExactly(tuple(1, 2), tuple(2, 30));
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
    void aPatternThatMatchesNothingIsWrong() {
        assertThat(problems("net.*.tcp_nothing_* = 1\nnet.ipv4.tcp_[ = 1\n"))
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .isEqualTo("1:1: no knob that a namespace can set matches net.*.tcp_nothing_*"),
                        problem -> assertThat(problem).startsWith("2:1: net.ipv4.tcp_[ is no pattern"));
    }

    @Test
    void readsFiles(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("lab.conf");
        Files.writeString(file, "net.ipv4.tcp_fin_timeout = 5\r\n\r\nnet.ipv4.tcp_sack = 1");
        assertThat(SysctlFile.parse(file).values())
                .containsEntry("net.ipv4.tcp_fin_timeout", "5")
                .containsEntry("net.ipv4.tcp_sack", "1");

        Files.writeString(file, "nonsense");
        assertThatThrownBy(() -> SysctlFile.parse(file)).hasMessageStartingWith(file + ":1:1: ");
        assertThatThrownBy(() -> SysctlFile.parse(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(SysctlFileException.class, () -> SysctlFile.parse(text)).problems().stream()
                .map(Problem::toString)
                .toList();
    }
}
