package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.FDS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.Behaviour;
import io.tcplab.server.BlockBeforeClose;
import io.tcplab.server.BlockBeforeClose.At;
import io.tcplab.server.BlockBeforeClose.How;
import io.tcplab.server.BlockBeforeClose.On;
import io.tcplab.server.NeverRead;
import io.tcplab.server.WellBehaved;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code close()} is there, and isn't reached: CLOSE_WAIT whose Recv-Q tells on which side of the EOF the server is stuck. */
public final class CloseWaitBlocked implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A server that reaches its close() does so within this, even on a busy machine. */
    private static final Duration PASSING = Duration.ofSeconds(3);

    /** Longer than any run; the cell's end ends it. */
    private static final Duration BLOCKED = Duration.ofMinutes(10);

    private static final int WORKERS = 1;
    private static final int MOST_AT_ONCE = 1 << 16;

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 10, 2, 1_000, "connections to each of the three servers");
    private static final Knob<Integer> UNREAD =
            Knob.integer("bytes", 100, 1, 10_000, "bytes that each peer sends before its FIN");
    private static final Knob<Integer> STREAM = Knob.integer(
            "stream",
            1_000_000,
            1,
            10_000_000,
            "bytes that each peer would send to a server that never reads, as lab compare measures it");
    private static final Knob<How> HOW =
            Knob.choice("how", How.IO, "whether a stuck thread waits for I/O or spins (and takes a CPU)");

    static final Expectation LOOP_STUCK = deciding(
            SERVER,
            SOCK_DIAG,
            "one handler stuck on an event loop: all of the loop's connections stay in CLOSE_WAIT, EOF unread (Recv-Q ="
                    + " bytes + 1 for the FIN)");
    static final Expectation NEVER_READ = deciding(
            SERVER, SOCK_DIAG, "accepted and never read: the same, CLOSE_WAIT with Recv-Q = bytes + 1 for the FIN");
    static final Expectation STUCK_AFTER_EOF =
            deciding(SERVER, SOCK_DIAG, "stuck after EOF was read, before close(): CLOSE_WAIT with Recv-Q 0");
    static final Expectation HELD = deciding(SERVER, FDS, "the server's process holds a file descriptor of each");
    static final Expectation PEERS_WAIT =
            deciding(CLIENT, SOCK_DIAG, "every peer is in FIN_WAIT_2: the kernel acknowledged its FIN all the same");

    private static final Measure MEMORY = Measure.memory(SERVER, "which nobody reads");
    private static final Measure UNREAD_BYTES = Measure.count(
            "server.Recv-Q", Measure.BYTES, Better.NEITHER, "what has arrived at the server and nobody reads");

    /**
     * A server and those that are connected to it.
     *
     * @param port the server's
     */
    private record Scene(int port, List<Socket> peers) {}

    @Override
    public Story story() {
        return new Story(
                "close-wait-blocked",
                "close() is there but isn't reached: Recv-Q tells whether anything is unread",
                """
                CLOSE_WAIT doesn't always mean that somebody forgot close(). The handler may never come to it: it waits
                for a back end that doesn't answer, or is caught in a loop. On an event loop one such handler holds up
                all other connections of the loop, whose peers may have done nothing wrong.

                The kernel doesn't know why a process is late, but it knows what the process has read. Recv-Q of a
                connection is what has arrived less what was read (rcv_nxt - copied_seq in tcp_diag_get_info), and a FIN
                takes one number of the sequence as a byte does. So Recv-Q 0 in CLOSE_WAIT says that nothing is unread:
                look behind the last read, for a missing close() or a worker that is stuck. Recv-Q of 1 or more says that
                nobody came to read: look at the thread that should, with jstack. 1 alone is an idle connection's FIN.
                (A FIN that was queued together with the last data is taken by the read that takes those, found_fin_ok in
                tcp_recvmsg_locked(): then Recv-Q is 0 though no read has returned 0 yet. Here the peers wait in between.)\
                """,
                "the servers get stuck, at the first read or at EOF, or never read",
                "the servers read to EOF and close",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, UNREAD, STREAM, HOW);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(LOOP_STUCK, NEVER_READ, STUCK_AFTER_EOF, HELD, PEERS_WAIT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 6, 50);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return PASSING.plusSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(MEMORY, UNREAD_BYTES);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    /** How much of a stream the server's kernel keeps for a process that never comes to read it. */
    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("peers send to a server that never reads");
        List<Sending> peers = open(trial, new NeverRead()).peers().stream()
                .map(peer -> new Sending(peer, trial.knob(STREAM)))
                .toList();
        trial.client()
                .await(
                        census -> peers.stream()
                                        .filter(peer -> peer.hasStopped(census))
                                        .count()
                                == peers.size(),
                        SOON);
        trial.measure(MEMORY, () -> (double) trial.server().memory().bytes());
        Census unread = trial.server().census();
        trial.measure(UNREAD_BYTES, (double)
                unread.in(ESTABLISHED).stream().mapToLong(TcpSocket::recvQueue).sum());
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("peers connect to three servers");
        Scene onLoop = open(trial, stuck(trial, On.LOOP, At.FIRST_READ));
        Scene neverRead = open(trial, new NeverRead());
        Scene afterEof = open(trial, stuck(trial, On.WORKER, At.EOF));
        Socket first = onLoop.peers().getFirst();
        first.send(1).orThrow("send a request");
        first.receive(1, SOON).orThrow("read its echo"); // The handler echoes, and only then is it stuck.

        trial.step("the peers send, then end their output");
        List<Scene> scenes = List.of(onLoop, neverRead, afterEof);
        scenes.forEach(scene -> scene.peers().forEach(peer -> sendAndEnd(trial, peer)));
        trial.server().await(census -> census.count(ESTABLISHED) == 0 && asStuck(trial, scenes, census), SOON);

        trial.step("the servers have time to close");
        Census stuck = trial.server().await(census -> census.count(CLOSE_WAIT) == 0, PASSING);
        Census peers = trial.client().census();
        int n = trial.knob(CONNECTIONS);
        long unread = trial.knob(UNREAD) + 1L;
        trial.observe(LOOP_STUCK, equalTo(n), () -> waiting(stuck, onLoop, unread));
        trial.observe(NEVER_READ, equalTo(n), () -> waiting(stuck, neverRead, unread));
        trial.observe(STUCK_AFTER_EOF, equalTo(n), () -> waiting(stuck, afterEof, 0));
        trial.observe(HELD, equalTo(3L * n), () -> trial.server().descriptors(stuck.in(CLOSE_WAIT)));
        trial.observe(PEERS_WAIT, equalTo(3L * n), () -> (long) peers.count(FIN_WAIT2));
    }

    /** A peer with a stream to send. */
    private static final class Sending {
        private final Socket socket;
        private final int port;
        private int left;

        Sending(Socket socket, int bytes) {
            this.socket = socket;
            port = socket.local().getPort();
            left = bytes;
        }

        /** Sends what its kernel takes now; whether, by this census, all has been acknowledged or the peer's window is shut. */
        boolean hasStopped(Census census) {
            Optional<Integer> taken = left == 0
                    ? Optional.empty()
                    : socket.send(Math.min(left, MOST_AT_ONCE)).toOptional();
            left -= taken.orElse(0);
            return taken.isEmpty()
                    && census.in(ESTABLISHED).stream()
                            .filter(one -> one.local().getPort() == port)
                            .anyMatch(one -> one.timer().kind() == SocketTimer.Kind.PROBE
                                    || (left == 0 && one.sendQueue() == 0));
        }
    }

    /** One worker will do: who waits for it is stuck as well. */
    private static Behaviour stuck(Trial trial, On on, At at) {
        return new BlockBeforeClose(BLOCKED, trial.knob(HOW), on, at, WORKERS);
    }

    private static Scene open(Trial trial, Behaviour behaviour) throws InterruptedException {
        InetSocketAddress server = trial.server()
                .serve(trial.faulty() ? behaviour : new WellBehaved(false))
                .addresses()
                .getFirst();
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < trial.knob(CONNECTIONS); i++) {
            Socket peer = Connection.socket(trial.client());
            peer.connect(server, SOON).orThrow("connect to " + server);
            peers.add(peer);
        }
        // A loop that is stuck before it has accepted would leave them in the backlog, which is another story.
        trial.server()
                .await(
                        census -> census.in(ESTABLISHED).stream()
                                        .filter(socket -> socket.local().getPort() == server.getPort())
                                        .filter(TcpSocket::hasOwner)
                                        .count()
                                == peers.size(),
                        SOON);
        return new Scene(server.getPort(), List.copyOf(peers));
    }

    private static void sendAndEnd(Trial trial, Socket peer) {
        peer.send(trial.knob(UNREAD)).orThrow("send what nobody reads");
        peer.shutdownOutput().orThrow("shutdown");
    }

    /** All queues as they will be if the servers are stuck; of servers that aren't, none is left at last. */
    private static boolean asStuck(Trial trial, List<Scene> scenes, Census census) {
        long unread = trial.knob(UNREAD) + 1L;
        long expected = waiting(census, scenes.get(0), unread)
                + waiting(census, scenes.get(1), unread)
                + waiting(census, scenes.get(2), 0);
        return census.count(CLOSE_WAIT) == expected;
    }

    private static long waiting(Census census, Scene scene, long recvQueue) {
        return census.in(CLOSE_WAIT).stream()
                .filter(socket -> socket.local().getPort() == scene.port())
                .filter(socket -> socket.recvQueue() == recvQueue && socket.hasOwner())
                .count();
    }
}
