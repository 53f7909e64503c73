package io.tcplab.compare.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.design.Change;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.design.Level;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.catalogue.Catalogue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A design on its way to another machine. */
class StudyTextTest {
    @Test
    void whatIsReadIsWhatWasWritten() {
        Design design = Design.of(Catalogue.byName("port-exhaustion"), -7)
                .with(Factors.sysctl("client:net.ipv4.tcp_tw_reuse=0,1"))
                .with(Factors.sysctl("net.ipv4.tcp_rmem=4096 131072 6291456;4096 16384 16384"))
                .with(Factors.knob("ports=64"))
                .with(Factors.transports(List.of("epoll", "io_uring")))
                .with(Factors.sandboxes(List.of("namespaces", "host")))
                .withTrials(3);
        assertThat(design.settings()).hasSize(16);
        assertArrives(design);
    }

    /** A profile's file isn't on the other machine; what it sets is written. Labels are anything that a user may call a file. */
    @Test
    void whatAFileHasSetNeedsNoFile() {
        Map<String, String> values = Map.of("net.ipv4.ip_local_reserved_ports", "8080,9090");
        Design design = Design.of(Catalogue.byName("port-exhaustion"), 1)
                .with(new Factor(
                        "profile",
                        List.of(
                                new Level("yes: \"#1\", [ä]", Change.sysctls(Map.of(Role.SERVER, values))),
                                new Level("0", Change.none()))))
                .withTrials(1);
        assertArrives(design);
    }

    private static void assertArrives(Design design) {
        Study study = StudyFile.parse(StudyText.of(design));
        assertThat(study.designs(0)).singleElement().satisfies(arrived -> {
            assertThat(arrived.experiment()).isEqualTo(design.experiment());
            assertThat(arrived.trials()).isEqualTo(design.trials());
            assertThat(arrived.seed()).isEqualTo(design.seed());
            assertThat(arrived.settings()).hasSameSizeAs(design.settings());
            for (int i = 0; i < design.settings().size(); i++) {
                assertThat(arrived.settings().get(i).label())
                        .isEqualTo(design.settings().get(i).label());
                assertSame(
                        arrived.settings().get(i).change(),
                        design.settings().get(i).change());
            }
        });
    }

    private static void assertSame(Change arrived, Change sent) {
        for (Role role : Role.values()) {
            assertThat(arrived.sysctls().getOrDefault(role, Map.of()))
                    .isEqualTo(sent.sysctls().getOrDefault(role, Map.of()));
        }
        assertThat(arrived.knobs()).isEqualTo(sent.knobs());
        assertThat(arrived.transport()).isEqualTo(sent.transport());
        assertThat(arrived.sandbox()).isEqualTo(sent.sandbox());
    }
}
