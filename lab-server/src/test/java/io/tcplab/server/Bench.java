package io.tcplab.server;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.LeakPresenceDetector;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace with one server of the lab in it. Its peers are the JDK's plain sockets and its witness is the
 * kernel, so that the server isn't judged by code of its own.
 */
final class Bench implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(20);

    final Namespace namespace = Namespace.create("server-test");
    final CounterReader counters = CounterReader.open(namespace);
    private final SockDiag diag = SockDiag.open(namespace);
    private final Transport transport;
    private final Deque<Socket> peers = new ArrayDeque<>();
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private @Nullable LabServer server;

    Bench(Transport transport) {
        this.transport = transport;
    }

    ServerOptions options() {
        return ServerOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTransport(transport);
    }

    LabServer start(String behaviour) {
        return start(options(), Behaviour.parse(behaviour));
    }

    LabServer start(ServerOptions options, Behaviour behaviour) {
        registry = new SimpleMeterRegistry();
        LabServer started = LabServer.start(options, behaviour, namespace.threadFactory("server-test"), registry);
        server = started;
        return started;
    }

    LabServer server() {
        if (server == null) {
            throw new IllegalStateException("no server was started");
        }
        return server;
    }

    /** A peer with a read timeout: a test that waits for what never comes fails. */
    Socket connect() {
        Socket peer = namespace.call(() -> {
            Socket socket = new Socket();
            socket.connect(server().address(), (int) DEADLINE.toMillis());
            return socket;
        });
        peers.push(peer);
        return peer;
    }

    /** A peer of whom the server has shown that it accepted him. */
    Socket connectAndEcho() throws IOException {
        Socket peer = connect();
        echo(peer, 'x');
        return peer;
    }

    static void echo(Socket peer, int oneByte) throws IOException {
        peer.setSoTimeout((int) DEADLINE.toMillis());
        peer.getOutputStream().write(oneByte);
        int answer = peer.getInputStream().read();
        if (answer != oneByte) {
            throw new AssertionError("sent " + oneByte + " and got back " + answer);
        }
    }

    /** The server's sockets in these states. */
    List<TcpSocket> atServer(TcpState... states) {
        SocketQuery query = SocketQuery.all().withLocalPort(server().address().getPort());
        return diag.census(query).sockets().stream()
                .filter(socket -> Arrays.asList(states).contains(socket.state()))
                .toList();
    }

    TcpSocket listener() {
        return atServer(TcpState.LISTEN).getFirst();
    }

    /** The peers' sockets in this state. */
    List<TcpSocket> atPeers(TcpState state) {
        SocketQuery query =
                SocketQuery.ofStates(state).withPeerPort(server().address().getPort());
        return diag.census(query).sockets();
    }

    /** Waits until there are so many sockets of the server in this state, and all are as described. */
    List<TcpSocket> awaitAtServer(TcpState state, int count, Predicate<TcpSocket> each) {
        return await().atMost(DEADLINE)
                .until(
                        () -> atServer(state),
                        found -> found.size() == count && found.stream().allMatch(each));
    }

    void awaitNoneAtServer() {
        await().atMost(DEADLINE)
                .until(() -> atServer(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, TcpState.LAST_ACK)
                        .isEmpty());
    }

    void awaitClosed(CloseCause cause, int count) {
        await().atMost(DEADLINE).until(() -> closed(cause) == count && active() == 0);
    }

    double closed(CloseCause cause) {
        return registry.get(ServerMeter.CLOSED.id())
                .tag("cause", cause.label())
                .counter()
                .count();
    }

    double active() {
        return registry.get(ServerMeter.ACTIVE.id()).gauge().value();
    }

    Duration lag() {
        double nanos = registry.get(ServerMeter.LOOP_LAG.id()).timer().max(TimeUnit.NANOSECONDS);
        return Duration.ofNanos((long) nanos);
    }

    double count(ServerMeter meter) {
        return registry.get(meter.id()).counter().count();
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        for (Socket peer : peers) {
            peer.close();
        }
        diag.close();
        counters.close();
        namespace.close();
        LeakPresenceDetector.check();
    }
}
