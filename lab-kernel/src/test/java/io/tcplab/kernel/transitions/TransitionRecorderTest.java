package io.tcplab.kernel.transitions;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.CLOSING;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tcplab.kernel.Storm;
import io.tcplab.kernel.TestCell;
import io.tcplab.kernel.ffm.DetachedTracefs;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.ChildJvm;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransitionRecorderTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** RFC 9293, section 3.3.2, as far as the tracepoint shows it: the side that closes first, and the other. */
    private static final List<TcpState> FIRST = List.of(CLOSE, SYN_SENT, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE);

    private static final List<TcpState> SECOND = List.of(LISTEN, SYN_RECV, ESTABLISHED, CLOSE_WAIT, LAST_ACK, CLOSE);

    private final TestCell cell = new TestCell();

    @AfterEach
    void closeCell() {
        cell.close();
    }

    @Test
    void oneConnectionIsTenTransitions() throws Exception {
        assertTenTransitions(TestCell.server(0), TestCell.CLIENT);
    }

    @Test
    void andSoOverIpv6() throws Exception {
        assertTenTransitions(TestCell.SERVER_V6, TestCell.CLIENT_V6);
    }

    private void assertTenTransitions(InetAddress server, InetAddress client) throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(client));
                ServerSocketChannel listener = cell.listen()) {
            SocketChannel connection = cell.connect(server, TestCell.port(listener));
            InetSocketAddress local = (InetSocketAddress) connection.getLocalAddress();
            InetSocketAddress remote = (InetSocketAddress) connection.getRemoteAddress();
            TestCell.closeInOrder(connection, listener.accept());
            assertThat(recorder.await(2, transition -> transition.to() == CLOSE, LIMIT))
                    .isPresent();

            Recording recording = recorder.stop();
            assertThat(recording.lost()).isZero();
            assertThat(recording.transitions())
                    .hasSize(10)
                    .isSortedAccordingTo((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
            Map<Long, List<Transition>> sockets = bySocket(recording);
            assertThat(sockets.values())
                    .satisfiesExactly(
                            first -> assertSocket(first, FIRST, local, remote),
                            second -> assertSocket(second, SECOND, remote, local));
        }
    }

    private static void assertSocket(
            List<Transition> transitions, List<TcpState> states, InetSocketAddress local, InetSocketAddress peer) {
        assertThat(states(transitions)).isEqualTo(states);
        assertThat(transitions).allSatisfy(transition -> {
            assertThat(transition.local()).isEqualTo(local);
            assertThat(transition.peer()).isEqualTo(peer);
        });
    }

    @Test
    void theClockIsNanoTimes() throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT));
                ServerSocketChannel listener = cell.listen()) {
            long before = System.nanoTime();
            SocketChannel connection = cell.connect(TestCell.server(0), TestCell.port(listener));
            long after = System.nanoTime();
            assertThat(recorder.await(t -> t.from() == SYN_SENT && t.to() == ESTABLISHED, LIMIT))
                    .hasValueSatisfying(
                            transition -> assertThat(transition.atNanos()).isBetween(before, after));
            TestCell.closeInOrder(connection, listener.accept());
        }
    }

    @Test
    void aRefusedConnectionHasItsPort() throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT))) {
            assertThatThrownBy(() -> cell.connect(TestCell.server(0), 1))
                    .hasRootCauseInstanceOf(ConnectException.class);
            List<Transition> transitions = recorder.stop().transitions();
            assertThat(states(transitions)).containsExactly(CLOSE, SYN_SENT, CLOSE);
            assertThat(transitions).allSatisfy(transition -> {
                assertThat(transition.local().getPort()).isPositive();
                assertThat(transition.peer()).isEqualTo(new InetSocketAddress(TestCell.server(0), 1));
            });
        }
    }

    @Test
    void aResetEndsBothAtOnce() throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT));
                ServerSocketChannel listener = cell.listen()) {
            SocketChannel connection = cell.connect(TestCell.server(0), TestCell.port(listener));
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
            connection.close();
            assertThat(recorder.await(2, transition -> transition.to() == CLOSE, LIMIT))
                    .isPresent();
            listener.accept().close();
            assertThat(bySocket(recorder.stop()).values().stream().map(TransitionRecorderTest::states))
                    .containsExactly(
                            List.of(CLOSE, SYN_SENT, ESTABLISHED, CLOSE),
                            List.of(LISTEN, SYN_RECV, ESTABLISHED, CLOSE));
        }
    }

    @Test
    void othersAreNotRecorded() throws Exception {
        try (TestCell other = new TestCell();
                TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT_V6));
                ServerSocketChannel listener = other.listen()) {
            TestCell.closeInOrder(other.connect(TestCell.server(0), TestCell.port(listener)), listener.accept());
            assertThat(recorder.stop().transitions()).isEmpty();
        }
    }

    @Test
    void awaitGivesUpWhenTheTimeIsUp() throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT))) {
            assertThat(recorder.await(transition -> transition.to() == CLOSING, Duration.ofMillis(20)))
                    .isEmpty();
        }
    }

    /**
     * As fast as this machine can, on a machine that may be busy with other things: what is not recorded is counted as
     * lost, to the last one; and one of a few storms comes through whole.
     */
    @Test
    void aStormIsTenTransitionsAConnection() throws Exception {
        int connections = 15_000;
        for (int attempt = 0; attempt < 5; attempt++) {
            Recording recording = recordStorm(connections, 8 << 20);
            assertThat(recording.transitions().size() + recording.lost()).isEqualTo(10L * connections);
            if (recording.lost() == 0) {
                assertThat(bySocket(recording).values().stream().map(TransitionRecorderTest::states))
                        .hasSize(2 * connections)
                        .allMatch(states -> states.equals(FIRST) || states.equals(SECOND));
                return;
            }
        }
        fail("each of five storms lost transitions");
    }

    @Test
    void whatASmallRingLosesIsTold() throws Exception {
        int connections = 15_000;
        Recording recording = recordStorm(connections, 1 << 16);
        assertThat(recording.lost()).isPositive();
        assertThat(recording.transitions().size() + recording.lost()).isEqualTo(10L * connections);
    }

    private Recording recordStorm(int connections, int ringBytes) throws Exception {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT), ringBytes)) {
            Storm.run(cell, connections);
            awaitTheirEnd();
            return recorder.stop();
        }
    }

    /** What the kernel says, not the recorder: it may have lost the end. */
    private void awaitTheirEnd() {
        try (SockDiag client = SockDiag.open(cell.client());
                SockDiag server = SockDiag.open(cell.server())) {
            SocketQuery alive = SocketQuery.ofStates(
                    ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, LAST_ACK, CLOSING);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (client.counts(alive).total() + server.counts(alive).total() > 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void canBeStoppedOnce() {
        try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT))) {
            assertThat(recorder.stop()).isEqualTo(new Recording(List.of(), 0));
            assertThatThrownBy(recorder::stop).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void leavesNoDescriptorOpen() throws Exception {
        TransitionRecorder.start(Set.of(TestCell.CLIENT)).close();
        long before = perfDescriptors();
        TransitionRecorder.start(Set.of(TestCell.CLIENT)).close();
        TransitionRecorder.start(Set.of(TestCell.CLIENT)).stop();
        assertThatThrownBy(() -> TransitionRecorder.start(Set.of(TestCell.CLIENT), 12345))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(perfDescriptors()).isEqualTo(before);
    }

    @Test
    void rootCanRecord() {
        assertThat(TransitionRecorder.unavailable()).isEmpty();
    }

    @Test
    void inAUserNamespaceItSaysWhyNotAndWhatHelps() throws Exception {
        List<String> unshare = List.of("unshare", "--user", "--map-root-user", "--net");
        try (ChildJvm child = ChildJvm.start(unshare, Child.class, "unavailable")) {
            assertThat(child.line()).isEqualTo("user namespaces may not use tracepoints: run as root (sudo lab …)");
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void afterSigkillNothingRemains() throws Exception {
        List<String> before = traces();
        try (ChildJvm child = ChildJvm.start(List.of(), Child.class, "record")) {
            assertThat(child.line()).isEqualTo("recording");
            child.kill();
        }
        assertThat(traces()).isEqualTo(before);
    }

    /** What tracing leaves in the kernel if it is not cleaned up: mounts, instances, events that are switched on. */
    private static List<String> traces() throws IOException {
        try (DetachedTracefs tracefs = DetachedTracefs.open();
                Stream<Path> instances = Files.list(Path.of(tracefs.path(), "instances"))) {
            List<String> traces = new ArrayList<>(instances
                    .map(instance -> instance.getFileName().toString())
                    .sorted()
                    .toList());
            traces.add(ProcFile.read(tracefs.path() + "/set_event"));
            ProcFile.read("/proc/self/mounts")
                    .lines()
                    .filter(mount -> mount.contains("tracefs"))
                    .forEach(traces::add);
            return traces;
        }
    }

    private static long perfDescriptors() throws IOException {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                // The one that lists the directory is gone by now.
                boolean open = Files.isSymbolicLink(descriptor);
                count +=
                        open && Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[perf_event]") ? 1 : 0;
            }
        }
        return count;
    }

    /** What the child processes of these tests run. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
            if (arguments[0].equals("unavailable")) {
                out.println(TransitionRecorder.unavailable().orElse("available"));
                return;
            }
            try (TransitionRecorder recorder = TransitionRecorder.start(Set.of(TestCell.CLIENT))) {
                out.println("recording");
                assertThat(recorder.await(transition -> false, Duration.ofHours(1)))
                        .isEmpty();
            }
        }
    }

    private static Map<Long, List<Transition>> bySocket(Recording recording) {
        Map<Long, List<Transition>> sockets = new LinkedHashMap<>();
        recording
                .transitions()
                .forEach(transition -> sockets.computeIfAbsent(transition.socket(), socket -> new ArrayList<>())
                        .add(transition));
        return sockets;
    }

    /** The states that one socket's transitions lead through, from the first. */
    private static List<TcpState> states(List<Transition> transitions) {
        List<TcpState> states = new ArrayList<>();
        for (Transition transition : transitions) {
            if (states.isEmpty()) {
                states.add(transition.from());
            }
            assertThat(states.getLast()).isEqualTo(transition.from());
            states.add(transition.to());
        }
        return states;
    }
}
