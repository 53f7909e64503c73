package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How the server listens, accepts and ends, whatever its behaviour, on each transport. */
@ParameterizedClass
@EnumSource
class ListenerTest {
    private final Bench bench;

    ListenerTest(Transport transport) {
        bench = new Bench(transport);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void stopAcceptingNeverCallsAccept() throws IOException {
        LabServer server = bench.start(bench.options().withBacklog(3), new StopAccepting());
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            peers.add(bench.connect());
        }
        assertThat(bench.listener().backlog()).isEqualTo(3);
        assertThat(bench.listener().acceptQueue()).isEqualTo(4);
        assertThat(bench.atServer(TcpState.ESTABLISHED)).hasSize(4).noneMatch(TcpSocket::hasOwner);
        assertThat(bench.count(ServerMeter.ACCEPTED)).isZero();

        server.resumeAccepting();
        for (Socket peer : peers) {
            Bench.echo(peer, 'x');
        }
        assertThat(bench.atServer(TcpState.ESTABLISHED)).hasSize(4).allMatch(TcpSocket::hasOwner);
        assertThat(bench.listener().acceptQueue()).isZero();
        assertThat(bench.count(ServerMeter.ACCEPTED)).isEqualTo(4);
    }

    @Test
    void connectionsQueuedAtAStoppedServerGoToCloseWaitWithoutAnOwner() throws IOException {
        bench.start("stop-accepting");
        Socket peer = bench.connect();
        peer.getOutputStream().write(new byte[10]);
        peer.close();

        bench.awaitAtServer(TcpState.CLOSE_WAIT, 1, socket -> !socket.hasOwner() && socket.recvQueue() == 11);
    }

    @Test
    void takenPortIsToldWithItsRemedy() {
        InetSocketAddress taken = bench.start("well-behaved").address();
        ServerOptions options = bench.options().withBind(taken);

        assertThatThrownBy(() -> start(options))
                .isInstanceOfSatisfying(KernelException.class, refused -> {
                    assertThat(refused.errno()).isEqualTo(Errno.EADDRINUSE);
                    assertThat(refused.operation()).isEqualTo("listen on 127.0.0.1:" + taken.getPort());
                    assertThat(refused.remedy()).contains("choose another port");
                })
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void addressOfNoInterfaceIsToldWithItsRemedy() {
        ServerOptions options = bench.options().withBind(new InetSocketAddress("192.0.2.1", 0));

        assertThatThrownBy(() -> start(options)).isInstanceOfSatisfying(KernelException.class, refused -> {
            assertThat(refused.errno()).isEqualTo(Errno.EADDRNOTAVAIL);
            assertThat(refused.remedy()).contains("ip address");
        });
    }

    @Test
    void timeWaitKeepsThePortUnlessReuseAddressIsSet() throws IOException {
        InetSocketAddress address;
        try (LabServer first = bench.start("well-behaved:closes-first=true")) {
            address = first.address();
            Socket peer = bench.connectAndEcho();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            peer.close();
            bench.awaitAtServer(TcpState.TIME_WAIT, 1, socket -> true);
        }
        ServerOptions again = bench.options().withBind(address);

        assertThatThrownBy(() -> start(again.withReuseAddress(false)))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.remedy()).contains("SO_REUSEADDR"));
        bench.start(again, new WellBehaved(false));
        bench.connectAndEcho();
    }

    @Test
    void closeEndsEverythingAndMayBeRepeated() throws IOException {
        LabServer server = bench.start(bench.options().withEventLoops(3), new WellBehaved(false));
        for (int i = 0; i < 9; i++) {
            bench.connectAndEcho();
        }
        assertThat(threads()).isEqualTo(3);

        server.close();
        server.close();
        assertThat(bench.atServer(TcpState.LISTEN, TcpState.ESTABLISHED, TcpState.CLOSE_WAIT))
                .isEmpty();
        assertThat(bench.closed(CloseCause.SHUTDOWN)).isEqualTo(9);
        assertThat(bench.active()).isZero();
        await().atMost(Bench.DEADLINE).until(() -> threads() == 0);
    }

    @Test
    void serverThatCannotStartLeavesNoThreads() {
        assertThatThrownBy(() -> start(bench.options().withBind(new InetSocketAddress("192.0.2.1", 0))))
                .isInstanceOf(KernelException.class);
        await().atMost(Bench.DEADLINE).until(() -> threads() == 0);
    }

    private LabServer start(ServerOptions options) {
        return LabServer.start(
                options,
                new WellBehaved(false),
                bench.namespace.threadFactory("server-test"),
                new SimpleMeterRegistry());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("server-test"))
                .count();
    }
}
