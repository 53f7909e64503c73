package io.tcplab.kernel.transitions;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tcplab.kernel.TestCell;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.TransitionScope.Within;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetTransitionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TestCell cell = new TestCell();

    @AfterEach
    void closeCell() {
        cell.close();
    }

    @Test
    void aNamespacesSocketsCountAndNotThoseAtTheOtherEnd() throws IOException {
        try (TargetTransitions client = start(cell.client(), new Within.Everything(Set.of()));
                TargetTransitions server = start(cell.server(), new Within.Everything(Set.of()));
                ServerSocketChannel listener = cell.listen()) {
            connect(TestCell.server(0), listener, 3);
            awaitExactly(client, client(3));
            awaitExactly(server, server(3));
        }
    }

    @Test
    void andSoOverIpv6() throws IOException {
        try (TargetTransitions client = start(cell.client(), new Within.Everything(Set.of()));
                ServerSocketChannel listener = cell.listen()) {
            connect(TestCell.SERVER_V6, listener, 2);
            awaitExactly(client, client(2));
        }
    }

    @Test
    void onTheLoopbackThatAllNamespacesHaveThePortTells() throws IOException {
        try (ServerSocketChannel listener = cell.listen();
                TargetTransitions server =
                        start(cell.server(), new Within.Everything(Set.of(TestCell.port(listener))))) {
            InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), TestCell.port(listener));
            TestCell.closeInOrder(cell.server().call(() -> SocketChannel.open(local)), listener.accept());
            Map<TargetTransitions.Change, Long> both = new HashMap<>(client(1));
            both.putAll(server(1));
            awaitExactly(server, both);
        }
    }

    @Test
    void ofAPortThoseCountThatHaveItAtTheirOwnEndOrAtTheOther() throws IOException {
        try (ServerSocketChannel listener = cell.listen();
                ServerSocketChannel another = cell.listen();
                TargetTransitions local = start(cell.server(), new Within.LocalPort(TestCell.port(listener)));
                TargetTransitions peer = start(cell.client(), new Within.PeerPort(TestCell.port(listener)))) {
            connect(TestCell.server(0), another, 5);
            connect(TestCell.server(0), listener, 2);
            awaitExactly(local, server(2));
            awaitExactly(peer, client(2));
        }
    }

    @Test
    void ofAProcessThoseCountThatItOpensOrHasOnItsPorts() throws IOException {
        long own = ProcessHandle.current().pid();
        try (ServerSocketChannel listener = cell.listen();
                TargetTransitions opened = start(cell.client(), new Within.Opened(Set.of(), pid -> pid == own));
                TargetTransitions strangers = start(cell.client(), new Within.Opened(Set.of(), pid -> false));
                TargetTransitions served =
                        start(cell.server(), new Within.Opened(Set.of(TestCell.port(listener)), pid -> false))) {
            connect(TestCell.server(0), listener, 4);
            awaitExactly(opened, client(4));
            awaitExactly(served, server(4));
            assertThat(strangers.counts()).isEmpty();
        }
    }

    /** What is opened on one processor and closed on another is in two rings, and closed memory is soon another socket's. */
    @Test
    void theyAreSeenInTheOrderOfTimeWhicheverProcessorRan() throws Exception {
        int connections = 400;
        long own = ProcessHandle.current().pid();
        try (ServerSocketChannel listener = cell.listen();
                ExecutorService others = Executors.newFixedThreadPool(2);
                TargetTransitions opened = start(cell.client(), new Within.Opened(Set.of(), pid -> pid == own))) {
            for (int i = 0; i < connections; i++) {
                SocketChannel connection = cell.connect(TestCell.server(0), TestCell.port(listener));
                SocketChannel accepted = listener.accept();
                others.submit(() -> {
                            TestCell.closeInOrder(connection, accepted);
                            return true;
                        })
                        .get();
            }
            awaitExactly(opened, client(connections));
        }
    }

    @Test
    void aScopeMayChangeAsFarAsTheKernelsFilterAllows() throws IOException {
        try (ServerSocketChannel listener = cell.listen();
                TargetTransitions served = start(cell.server(), new Within.Opened(Set.of(), pid -> false))) {
            connect(TestCell.server(0), listener, 1);
            TransitionScope wider = new TransitionScope(
                    Interface.addresses(cell.server()),
                    new Within.Opened(Set.of(TestCell.port(listener)), pid -> false));
            assertThat(served.follow(wider)).isTrue();
            connect(TestCell.server(0), listener, 2);
            await().atMost(LIMIT).until(() -> served.counts().getOrDefault(change(LAST_ACK, CLOSE), 0L) >= 2);
            assertThat(served.follow(new TransitionScope(wider.addresses(), new Within.LocalPort(80))))
                    .isFalse();
        }
    }

    @Test
    void addressesAreThoseOfTheNamespace() {
        assertThat(Interface.addresses(cell.client()))
                .contains(TestCell.CLIENT, TestCell.CLIENT_V6)
                .doesNotContain(TestCell.SERVER_V6);
    }

    private static TargetTransitions start(Namespace namespace, Within within) {
        return TargetTransitions.start(new TransitionScope(Interface.addresses(namespace), within));
    }

    /** Each is closed by the client first. */
    private void connect(InetAddress address, ServerSocketChannel listener, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel connection = cell.connect(address, TestCell.port(listener));
            TestCell.closeInOrder(connection, listener.accept());
        }
    }

    private static void awaitExactly(TargetTransitions counter, Map<TargetTransitions.Change, Long> expected) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(counter.counts()).isEqualTo(expected));
    }

    private static Map<TargetTransitions.Change, Long> client(long count) {
        return changes(count, CLOSE, SYN_SENT, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE);
    }

    private static Map<TargetTransitions.Change, Long> server(long count) {
        return changes(count, LISTEN, SYN_RECV, ESTABLISHED, CLOSE_WAIT, LAST_ACK, CLOSE);
    }

    /** From each of these states to the next. */
    private static Map<TargetTransitions.Change, Long> changes(long count, TcpState... path) {
        return IntStream.range(1, path.length)
                .boxed()
                .collect(Collectors.toMap(i -> change(path[i - 1], path[i]), i -> count));
    }

    private static TargetTransitions.Change change(TcpState from, TcpState to) {
        return new TargetTransitions.Change(from, to);
    }
}
