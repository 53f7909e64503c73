package io.tcplab.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Role;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortageTest {
    @Test
    void connectionsThatTheKernelAbortedForWantOfMemorySpoilTheEvidence() {
        assertThat(Shortage.in(Map.of(
                        Role.CLIENT, Map.of("TcpExtTCPAbortOnMemory", 2L),
                        Role.SERVER, Map.of("TcpExtTCPAbortOnMemory", 1L))))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("aborted 3 connections").contains("net.ipv4.tcp_mem"));
    }

    @Test
    void otherAbortsAreTheExperiments() {
        assertThat(Shortage.in(Map.of(Role.CLIENT, Map.of("TcpExtTCPAbortOnData", 2L))))
                .isEmpty();
    }
}
