package io.tcplab.experiments.cell;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.server.NeverClose;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NamespaceSandboxTest extends SandboxContract {
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    @Override
    protected Sandbox sandbox() {
        return new NamespaceSandbox();
    }

    @Test
    void eachHostHasItsOwnSysctlsAndThisHostKeepsIts() {
        String here = Sysctls.of(Namespace.current()).read(FIN_TIMEOUT);
        CellPlan plan = CellPlan.plain().with(Role.CLIENT, FIN_TIMEOUT, "7").with(Role.SERVER, FIN_TIMEOUT, "8");
        try (Cell cell = sandbox().open(plan)) {
            assertThat(cell.host(Role.CLIENT).sysctl(FIN_TIMEOUT)).isEqualTo("7");
            assertThat(cell.host(Role.SERVER).sysctl(FIN_TIMEOUT)).isEqualTo("8");
        }
        assertThat(Sysctls.of(Namespace.current()).read(FIN_TIMEOUT)).isEqualTo(here);
    }

    @Test
    void noRstEndsTimeWaitWhereThatIsWishedForUnlessTheUserSaysSo() {
        String name = "net.ipv4.tcp_rfc1337";
        CellPlan plan = CellPlan.plain().withTimeWaitKept().with(Role.SERVER, name, "0");
        try (Cell cell = sandbox().open(plan)) {
            assertThat(cell.host(Role.CLIENT).sysctl(name)).isEqualTo("1");
            assertThat(cell.host(Role.SERVER).sysctl(name)).isEqualTo("0");
        }
    }

    @Test
    void aSysctlThatThisKernelCanNotHaveIsAnObstacle() {
        CellPlan plan = CellPlan.plain().with(Role.CLIENT, "net.ipv4.tcp_tw_recycle", "1");
        assertThat(sandbox().obstacle(plan))
                .hasValueSatisfying(reason -> assertThat(reason).contains("tcp_tw_recycle"));
        assertThat(sandbox().obstacle(CellPlan.plain().with(Role.CLIENT, FIN_TIMEOUT, "7")))
                .isEmpty();
    }

    @Test
    void eachHostCountsItsOwnDoings() throws InterruptedException {
        RunningServer running = server().serve(new WellBehaved(false));
        client().load(client().plan(new ShortLived(), running).withStop(new Stop.AfterCount(10)))
                .awaitEnd(SOON);
        assertThat(client().counters().get("TcpActiveOpens")).isEqualTo(10);
        assertThat(client().counters().get("TcpPassiveOpens")).isZero();
        assertThat(server().counters().get("TcpPassiveOpens")).isEqualTo(10);
    }

    @Test
    void aLoadThatHasNotEndedTellsNothingOfAll() {
        RunningServer silent = server().serve(new NeverClose());
        RunningLoad load = client().load(client().plan(new ShortLived(1, Closer.SERVER), silent));
        assertThatThrownBy(() -> load.awaitEach(Duration.ZERO))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("of 1 conversations, 1 hadn't ended");
    }

    @Test
    void theServerCanHaveManyAddresses() throws InterruptedException {
        try (Cell cell = sandbox().open(CellPlan.plain().withServerAddresses(64).withTimeWaitKept())) {
            RunningServer running = cell.host(Role.SERVER).serve(new WellBehaved(false));
            Host client = cell.host(Role.CLIENT);
            assertThat(running.addresses()).hasSize(64).doesNotHaveDuplicates();
            client.load(client.plan(new ShortLived(), running)
                            .withTargets(running.addresses())
                            .withStop(new Stop.AfterCount(64)))
                    .awaitEnd(SOON);
            assertThat(client.await(census -> census.count(TIME_WAIT) == 64, SOON)
                            .in(TIME_WAIT))
                    .extracting(socket -> socket.peer())
                    .hasSize(64)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void stateChangesOfTheWholeCellAreRecorded() throws InterruptedException {
        try (Cell cell = sandbox().open(CellPlan.plain().withTransitions().withTimeWaitKept())) {
            RunningServer running = cell.host(Role.SERVER).serve(new WellBehaved(false));
            Host client = cell.host(Role.CLIENT);
            client.load(client.plan(new ShortLived(), running)).awaitEnd(SOON);
            client.await(census -> census.count(TIME_WAIT) == 1, SOON);
            assertThat(cell.transitions()).hasSize(10).anySatisfy(transition -> {
                assertThat(transition.from()).isEqualTo(SYN_SENT);
                assertThat(transition.to()).isEqualTo(ESTABLISHED);
                assertThat(transition.local().getAddress())
                        .isEqualTo(client.addresses().getFirst());
            });
        }
    }

    @Test
    void theWireCarriesLoadsAndShowsTheirSegments() throws InterruptedException {
        try (Cell cell = sandbox().open(CellPlan.plain().withWire().withServerAddresses(2))) {
            RunningServer running = cell.host(Role.SERVER).serve(new WellBehaved(false));
            Host client = cell.host(Role.CLIENT);
            RuleHandle syns = cell.wire().add(Rule.pass("SYNs", Match.toServer().syn()));
            client.load(client.plan(new ShortLived(), running)
                            .withTargets(running.addresses())
                            .withStop(new Stop.AfterCount(10)))
                    .awaitEnd(SOON);
            assertThat(syns.matched()).isEqualTo(10);
            assertThat(cell.segments())
                    .filteredOn(segment -> segment.segment().has(TcpFlag.SYN))
                    .hasSizeGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void aPlainCellHasNoWire() {
        try (Cell cell = sandbox().open(CellPlan.plain())) {
            assertThatThrownBy(cell::segments)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("withWire()");
        }
    }
}
