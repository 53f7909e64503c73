package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.kernel.sysctl.LintRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlCommandsTest {
    private static final List<Integer> CLAIMS =
            Claims.all().stream().map(Claim::number).toList();

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void whatARuleNamesIsThere() {
        assertThat(LintRules.all()).allSatisfy(rule -> {
            assertThat(CLAIMS).containsAll(rule.claims());
            assertThat(Catalogue.names()).containsAll(rule.experiments());
        });
    }

    @Test
    void showsAKnobWithWhatShowsItsEffect() {
        Invocation sysctl = Invocation.of("sysctl", "tcp_fin_timeout");
        assertThat(sysctl.code()).isZero();
        assertThat(sysctl.out().lines())
                .singleElement()
                .asString()
                .startsWith("net.ipv4.tcp_fin_timeout = ")
                .contains("default 60, takes 0 to 2147483 s, per namespace: ")
                .contains("fin-wait2-timeout");
    }

    @Test
    void everyExperimentsSysctlIsListed() {
        String all = Invocation.of("sysctl").out();
        assertThat(Catalogue.all())
                .flatExtracting(experiment -> experiment.story().sysctls())
                .allSatisfy(sysctl -> assertThat(all).contains(sysctl + " = "));
    }

    @Test
    void lintExitsByWhatItFinds() throws IOException {
        assertThat(Invocation.of("sysctl", "lint", file("net.ipv4.tcp_sack = 1\n"))
                        .code())
                .isZero();
        Invocation bad = Invocation.of("sysctl", "lint", file("net.ipv4.tcp_sack = 1\nnet.ipv4.tcp_sack = 0\n"));
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains(":1:1: warning: ").contains("line 2 overrides it with 0 [overridden]");
        assertThat(bad.err()).contains("2 settings for Linux ").contains("2 warnings");
    }

    @Test
    void diffExitsByWhetherTheFilesComeToTheSame() throws IOException {
        String one = file("net.ipv4.tcp_sack = 0\nnet.ipv4.tcp_fin_timeout = 60\n");
        String same = file("net/ipv4/tcp_sack=1\nnet/ipv4/tcp_sack=0\n");
        Invocation alike = Invocation.of("sysctl", "diff", one, same);
        assertThat(alike.code()).isZero();
        assertThat(alike.out()).contains("tcp_sack = 1 has no effect: line 2 overrides it with 0");
        Invocation other = Invocation.of("sysctl", "diff", one, file("net.ipv4.tcp_fin_timeout = 5\n"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out())
                .contains("net.ipv4.tcp_sack: 0 (")
                .contains(" -> 1 (default): ")
                .contains("net.ipv4.tcp_fin_timeout: 60 (");
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(temporary, "lab", ".conf"), text)
                .toString();
    }
}
