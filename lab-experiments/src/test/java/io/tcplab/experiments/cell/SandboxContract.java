package io.tcplab.experiments.cell;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.client.Hold;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.Role;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.server.NeverClose;
import io.tcplab.server.StopAccepting;
import io.tcplab.server.WellBehaved;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every sandbox must do, whatever its cells are made of. A sandbox's own test extends it, in other modules too. */
public abstract class SandboxContract {
    protected static final Duration SOON = Duration.ofSeconds(10);

    private Cell cell = unopened();

    /** The one to be tested. */
    protected abstract Sandbox sandbox();

    @BeforeEach
    void open() {
        assertThat(sandbox().unavailable()).isEmpty();
        cell = sandbox().open(CellPlan.plain());
    }

    @AfterEach
    void close() {
        cell.close();
    }

    protected Host client() {
        return cell.host(Role.CLIENT);
    }

    protected Host server() {
        return cell.host(Role.SERVER);
    }

    @Test
    void aNewCellHasNoSockets() {
        assertThat(client().census().sockets()).isEmpty();
        assertThat(server().census().sockets()).isEmpty();
    }

    @Test
    void theHostsHaveDifferentAddresses() {
        assertThat(client().addresses()).isNotEmpty().doesNotContainAnyElementsOf(server().addresses());
    }

    @Test
    void eachHostShowsItsOwnEndOfAConnection() throws InterruptedException {
        RunningServer running = server().serve(new WellBehaved(false));
        client().load(client().plan(new Hold(), running));

        Census servers = server().await(census -> census.count(ESTABLISHED) == 1, SOON);
        Census clients = client().await(census -> census.count(ESTABLISHED) == 1, SOON);

        assertThat(servers.count(LISTEN)).isEqualTo(1);
        assertThat(clients.count(LISTEN)).isZero();
        var serverEnd = servers.in(ESTABLISHED).getFirst();
        var clientEnd = clients.in(ESTABLISHED).getFirst();
        assertThat(serverEnd.local())
                .isEqualTo(clientEnd.peer())
                .isEqualTo(running.addresses().getFirst());
        assertThat(serverEnd.peer()).isEqualTo(clientEnd.local());
        assertThat(client().states().of(ESTABLISHED)).isEqualTo(1);
    }

    @Test
    void socketsAreDrivenCallByCall() throws InterruptedException {
        Socket listener = server().socket();
        listener.bind(new InetSocketAddress(server().addresses().getFirst(), 0)).orThrow("bind");
        listener.listen(1).orThrow("listen");
        Socket connecting = client().socket();
        connecting
                .bind(new InetSocketAddress(client().addresses().getFirst(), 0))
                .orThrow("bind");
        connecting.connect(listener.local(), SOON).orThrow("connect");

        Socket accepted = listener.accept(SOON).orThrow("accept");

        assertThat(accepted.peer().orThrow("getpeername")).isEqualTo(connecting.local());
        assertThat(client().states().of(ESTABLISHED)).isEqualTo(1);
        assertThat(server().states().of(ESTABLISHED)).isEqualTo(1);
    }

    @Test
    void aLoadRunsToItsEnd() throws InterruptedException {
        RunningServer running = server().serve(new WellBehaved(false));
        LoadReport report = client().load(
                        client().plan(new ShortLived(), running).withStop(new Stop.AfterCount(100)))
                .awaitEnd(SOON);
        assertThat(report.completed()).isEqualTo(100);
        assertThat(report.failures()).isEmpty();
    }

    @Test
    void behavioursShowInTheCensusWithTheirDescriptors() throws InterruptedException {
        RunningServer running = server().serve(new NeverClose());
        RunningLoad load = client().load(client().plan(new Hold(), running).withPayloadBytes(0));
        server().await(census -> census.count(ESTABLISHED) == 1, SOON);
        load.release();

        // Before it is accepted, no process has a descriptor of it.
        Census stuck = server().await(census -> census.count(CLOSE_WAIT, TcpSocket::hasOwner) == 1, SOON);
        assertThat(stuck.count(CLOSE_WAIT)).isEqualTo(1);
        assertThat(server().descriptors(stuck.sockets())).isEqualTo(2); // the listener's and the connection's
        assertThat(client().await(census -> census.count(FIN_WAIT2) == 1, SOON).count(FIN_WAIT2))
                .isEqualTo(1);
    }

    @Test
    void theAcceptQueueIsTheListenersOwn() throws InterruptedException {
        RunningServer running =
                server().serve(new StopAccepting(), ServeOptions.defaults().withBacklog(3));
        client().load(client().plan(new Hold(), running).withPayloadBytes(0).withStop(new Stop.AfterCount(2)));

        Census queued = server().await(census -> census.in(LISTEN).getFirst().acceptQueue() == 2, SOON);
        assertThat(queued.in(LISTEN).getFirst().acceptQueue()).isEqualTo(2);
        assertThat(queued.in(LISTEN).getFirst().backlog()).isEqualTo(3);

        running.resumeAccepting();
        Census accepted = server().await(census -> census.in(LISTEN).getFirst().acceptQueue() == 0, SOON);
        assertThat(accepted.in(LISTEN).getFirst().acceptQueue()).isZero();
    }

    @Test
    void cellsDoNotSeeOneAnother() throws InterruptedException {
        try (Cell other = sandbox().open(CellPlan.plain())) {
            Host otherServer = other.host(Role.SERVER);
            RunningServer running = otherServer.serve(new WellBehaved(false));
            Host otherClient = other.host(Role.CLIENT);
            otherClient.load(otherClient.plan(new Hold(), running));
            otherServer.await(census -> census.count(ESTABLISHED) == 1, SOON);

            assertThat(server().census().sockets()).isEmpty();
            assertThat(client().census().sockets()).isEmpty();
        }
    }

    private static Cell unopened() {
        return new Cell() {
            @Override
            public Host host(Role role) {
                throw new IllegalStateException("no cell is open");
            }

            @Override
            public Optional<String> lost() {
                throw new IllegalStateException("no cell is open");
            }

            @Override
            public Recording recording() {
                throw new IllegalStateException("no cell is open");
            }

            @Override
            public Wire wire() {
                throw new IllegalStateException("no cell is open");
            }

            @Override
            public LinkCapture capture(Path file) {
                throw new IllegalStateException("no cell is open");
            }

            @Override
            public void close() {}
        };
    }
}
