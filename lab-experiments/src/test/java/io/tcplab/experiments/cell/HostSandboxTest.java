package io.tcplab.experiments.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.Sysctls;
import org.junit.jupiter.api.Test;

class HostSandboxTest extends SandboxContract {
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    @Override
    protected Sandbox sandbox() {
        return new HostSandbox();
    }

    @Test
    void aSysctlThatDiffersIsAnObstacleAndNeverWritten() {
        String here = Sysctls.of(Namespace.current()).read(FIN_TIMEOUT);
        String other = here.equals("7") ? "8" : "7";
        CellPlan plan = CellPlan.plain().with(Role.CLIENT, FIN_TIMEOUT, other);

        assertThat(sandbox().obstacle(plan))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(FIN_TIMEOUT + "=" + other)
                        .contains("this host has " + here)
                        .contains("--sandbox namespaces"));
        assertThatThrownBy(() -> sandbox().open(plan)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Sysctls.of(Namespace.current()).read(FIN_TIMEOUT)).isEqualTo(here);
    }

    @Test
    void aSysctlThatIsAsItShouldBeIsNone() {
        String here = Sysctls.of(Namespace.current()).read(FIN_TIMEOUT);
        assertThat(sandbox().obstacle(CellPlan.plain().with(Role.SERVER, FIN_TIMEOUT, here)))
                .isEmpty();
    }

    @Test
    void whatIsOnlyWishedForIsNone() {
        assertThat(sandbox().obstacle(CellPlan.plain().withTimeWaitKept())).isEmpty();
    }

    @Test
    void countersOfAllProgramsAreNoEvidence() {
        assertThatThrownBy(() -> client().counters())
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("every program's");
    }

    @Test
    void aWireIsAnObstacle() {
        assertThat(sandbox().obstacle(CellPlan.plain().withWire()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("a wire between two hosts"));
    }
}
