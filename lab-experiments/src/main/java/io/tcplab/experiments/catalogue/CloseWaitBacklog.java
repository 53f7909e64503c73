package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;

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
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Peers connect, send and close before anybody accepts: CLOSE_WAIT in the backlog, without an owner; then it is accepted. */
public final class CloseWaitBacklog implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String EOF = "EOF";

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 10, 1, 1_000, "peers that close, and as many that reset");
    private static final Knob<Integer> REQUEST =
            Knob.integer("bytes", 100, 1, 10_000, "bytes that each peer sends before it closes");

    static final Expectation NO_OWNER = deciding(
            SERVER,
            SOCK_DIAG,
            "those that the peers closed are in CLOSE_WAIT, unread (Recv-Q = bytes + 1), owned by nobody (inode 0)");
    static final Expectation IN_QUEUE = deciding(
            SERVER,
            SOCK_DIAG,
            "the listener's Recv-Q counts them, and those that were reset: their places aren't free");
    static final Expectation ACCEPTED =
            deciding(SERVER, ERRNO, "accept() succeeds on each of them, long after the peer has gone");
    static final Expectation OWNED =
            supporting(SERVER, SOCK_DIAG, "it changes their owner and nothing else: CLOSE_WAIT, Recv-Q as before");
    static final Expectation READ_EOF =
            deciding(SERVER, ERRNO, "of those that the peers closed, read() gives every byte, then EOF");
    static final Expectation READ_RESET =
            deciding(SERVER, ERRNO, "of those that the peers reset, the first read() fails with ECONNRESET");

    private static final Measure UNACCEPTED =
            Measure.sockets(SERVER, CLOSE_WAIT, Better.LOWER, "owned by nobody, when all peers have gone");
    private static final Measure QUEUE = Measure.count(
            "server.accept-queue",
            "connections",
            Better.LOWER,
            "connections that have gone and still wait for accept(): the listener's Recv-Q");

    /** How far read() gets on one connection: so many bytes, then EOF or an error's name. */
    private record Reading(int bytes, String end) {}

    @Override
    public Story story() {
        return new Story(
                "close-wait-backlog",
                "connections that are closed before anybody accepts them wait in CLOSE_WAIT, and are accepted all the"
                        + " same",
                """
                The kernel opens connections without the process, and peers may close them without it, too. A process that is
                too busy to accept gathers them in the listener's queue: ESTABLISHED, then, when the peer's patience ends,
                CLOSE_WAIT. No process owns these sockets (inode 0; ss -p shows no name), so no restart of a worker and no
                search for a forgotten close() finds them. A long backlog holds more of them.

                Linux doesn't take a connection out of the queue when its peer goes. accept() gives each to the process, in
                the order in which they came; the request can be read, then comes EOF, and an answer would meet nobody.
                After a RST, accept() succeeds as well (other systems: ECONNABORTED), and the first read() fails with
                ECONNRESET. A server that has fallen behind so works for peers that left long ago, and falls back further.
                The remedy: accept sooner, and a queue no longer than what can be served within the peers' patience.\
                """,
                "nobody calls accept() until the peers have gone",
                "each connection is accepted at once, and closed when its peer is gone",
                List.of("net.core.somaxconn"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, REQUEST);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(NO_OWNER, IN_QUEUE, ACCEPTED, OWNED, READ_EOF, READ_RESET);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().with(SERVER, "net.core.somaxconn", Integer.toString(2 * knobs.get(CONNECTIONS)));
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 4, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(UNACCEPTED, QUEUE);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Socket listener = Connection.listener(trial.server(), 2 * n);
        trial.step("peers connect, send and close; as many connect and reset");
        for (int i = 0; i < n; i++) {
            visit(trial, listener, false);
            visit(trial, listener, true);
        }
        Census queued = trial.server()
                .await(
                        census -> census.count(SYN_RECV) + census.count(ESTABLISHED) == 0
                                && census.count(CLOSE_WAIT) == unread(trial, census),
                        SOON);
        // A dump reads listeners first: only the next one's count is sure to hold all that came.
        Census listening = trial.server().census();
        trial.measure(UNACCEPTED, (double) queued.count(CLOSE_WAIT) - owned(queued));
        trial.measure(QUEUE, (double) listening.in(LISTEN).getFirst().acceptQueue());
        trial.observe(NO_OWNER, equalTo(n), () -> unread(trial, queued) - owned(queued));
        trial.observe(
                IN_QUEUE, equalTo(2L * n), () -> listening.in(LISTEN).getFirst().acceptQueue());

        trial.step("the server accepts what is left");
        List<Socket> accepted = acceptAll(listener);
        Census late = trial.server().census();
        trial.observe(ACCEPTED, equalTo(2L * n), () -> (long) accepted.size());
        trial.observe(OWNED, equalTo(n), () -> Math.min(unread(trial, late), owned(late)));
        List<Reading> readings = new ArrayList<>();
        for (Socket socket : accepted) {
            readings.add(readAll(socket));
            socket.close();
        }
        Reading whole = new Reading(trial.knob(REQUEST), EOF);
        Reading reset = new Reading(0, "ECONNRESET");
        trial.observe(
                READ_EOF,
                equalTo(n),
                () -> readings.stream().filter(whole::equals).count());
        trial.observe(
                READ_RESET,
                equalTo(n),
                () -> readings.stream().filter(reset::equals).count());
    }

    /** A peer comes and goes. */
    private static void visit(Trial trial, Socket listener, boolean resets) throws InterruptedException {
        Socket peer = Connection.socket(trial.client());
        peer.connect(listener.local(), SOON).orThrow("connect to " + listener.local());
        if (trial.faulty()) {
            leave(trial, peer, resets);
            return;
        }
        try (Socket server = listener.accept(SOON).orThrow("accept")) {
            leave(trial, peer, resets);
            readAll(server);
        }
    }

    private static void leave(Trial trial, Socket peer, boolean resets) {
        if (resets) {
            Connection.reset(peer);
        } else {
            peer.send(trial.knob(REQUEST)).orThrow("send a request");
            peer.close();
        }
    }

    private static List<Socket> acceptAll(Socket listener) throws InterruptedException {
        List<Socket> accepted = new ArrayList<>();
        for (CallResult<Socket> next = listener.accept(Duration.ZERO);
                next.ok();
                next = listener.accept(Duration.ZERO)) {
            accepted.add(next.orThrow("accept"));
        }
        return accepted;
    }

    private static Reading readAll(Socket socket) throws InterruptedException {
        int bytes = 0;
        while (true) {
            CallResult<byte[]> part = socket.receive(4096, SOON);
            if (!part.ok()) {
                return new Reading(bytes, part.name());
            }
            int length = part.orThrow("receive").length;
            if (length == 0) {
                return new Reading(bytes, EOF);
            }
            bytes += length;
        }
    }

    private static long unread(Trial trial, Census census) {
        return census.in(CLOSE_WAIT).stream()
                .filter(socket -> socket.recvQueue() == trial.knob(REQUEST) + 1L)
                .count();
    }

    private static long owned(Census census) {
        return census.in(CLOSE_WAIT).stream().filter(TcpSocket::hasOwner).count();
    }
}
