package io.tcplab.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.HostSandbox;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplacementsTest {
    @Test
    void aFaultThatIsASysctlIsToldWithItsControl() {
        assertThat(of("time-wait-buckets", Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_max_tw_buckets", "7"))))
                .containsExactly(
                        "time-wait-buckets sets net.ipv4.tcp_max_tw_buckets on the client to 100, and its control"
                                + " the kernel's default; this run uses 7");
    }

    @Test
    void whatTheCellHasForItsPurposeIsTold() {
        assertThat(of("time-wait-port", Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "2"))))
                .containsExactly("time-wait-port sets net.ipv4.tcp_tw_reuse on the client to 0; this run uses 2");
    }

    @Test
    void theSameValueAndOthersSysctlsReplaceNothing() {
        assertThat(of("time-wait-port", Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "0"))))
                .isEmpty();
        assertThat(of("time-wait-port", Map.of(Role.SERVER, Map.of("net.ipv4.tcp_tw_reuse", "2"))))
                .isEmpty();
        assertThat(of("linger-reset", Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_fin_timeout", "5"))))
                .isEmpty();
    }

    private static List<String> of(String experiment, Map<Role, Map<String, String>> sysctls) {
        return Replacements.of(new RunRequest(
                List.of(Catalogue.byName(experiment)), Map.of(), sysctls, new HostSandbox(), 1, false, 1));
    }
}
