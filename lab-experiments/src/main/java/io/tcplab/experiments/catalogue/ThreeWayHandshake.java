package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.TRANSITIONS;
import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.StatePaths;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.transitions.Transition;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The opening is the kernel's work alone: both sides are ESTABLISHED though nobody calls accept(). */
public final class ThreeWayHandshake implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String CLIENTS_PATH = StatePaths.path(CLOSE, SYN_SENT, ESTABLISHED);
    private static final String SERVERS_PATH = StatePaths.path(LISTEN, SYN_RECV, ESTABLISHED);

    private static final Knob<Integer> CONNECTIONS = Knob.integer("connections", 10, 1, 1_000, "clients that connect");

    static final Expectation CONNECTED =
            deciding(CLIENT, ERRNO, "connect() succeeds, though nobody has called accept()");
    static final Expectation CLIENT_ESTABLISHED = deciding(CLIENT, SOCK_DIAG, "the clients are ESTABLISHED");
    static final Expectation SERVER_ESTABLISHED =
            deciding(SERVER, SOCK_DIAG, "so are their peers at the server, which no process owns yet (inode 0)");
    static final Expectation QUEUED =
            deciding(SERVER, SOCK_DIAG, "they wait in the accept queue (the listener's Recv-Q)");
    static final Expectation ACCEPTED = deciding(
            SERVER, SOCK_DIAG, "accept() gives each an owner, and its state was and is ESTABLISHED: the same sockets");
    static final Expectation PATHS = supporting(
            CLIENT, TRANSITIONS, "the clients went %s, the server's sockets %s".formatted(CLIENTS_PATH, SERVERS_PATH));

    private static final Measure OPENED =
            Measure.sockets(SERVER, ESTABLISHED, Better.HIGHER, "that nobody has accepted");
    private static final Measure QUEUE = Measure.count(
            "server.accept-queue",
            "connections",
            Better.NEITHER,
            "those that wait for accept(): the listener's Recv-Q");

    @Override
    public Story story() {
        return new Story(
                "three-way-handshake",
                "the kernels open a connection between them, before and without accept()",
                """
                "The server calls accept(), then enters SYN_RECV" is told often, and is the wrong way round. listen() is
                all that a process has to do. From then on its kernel answers a SYN on its own and keeps a small
                request socket (SYN_RECV); when the last ACK arrives, the kernel makes a socket of it that is
                ESTABLISHED, and puts it into the listener's accept queue (tcp_v4_syn_recv_sock, inet_csk_reqsk_queue_add).
                The client's connect() has returned by then, and the client may send.

                accept() only takes a finished connection from that queue and gives it a file descriptor. So a client
                that is connected knows that the server's kernel lives; of the server's process it knows nothing. A
                health check that merely connects tests the kernel.\
                """,
                "the server listens, and nobody accepts",
                "the server doesn't listen: a SYN is answered with RST",
                List.of("net.core.somaxconn"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(CONNECTED, CLIENT_ESTABLISHED, SERVER_ESTABLISHED, QUEUED, ACCEPTED, PATHS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withTransitions();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(OPENED, QUEUE);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Socket server = server(trial);
        trial.step("%d clients connect".formatted(n));
        List<String> connects = connect(trial, server.local());
        Census clients = trial.client().census();
        // A client is through before its last ACK has arrived.
        Census queued = trial.server().await(census -> unowned(census) == clients.count(ESTABLISHED), SOON);
        // A dump reads listeners first: only the next one's count is sure to hold all that came.
        Census listening = trial.server().census();
        long waiting =
                listening.in(LISTEN).stream().mapToLong(TcpSocket::acceptQueue).sum();
        trial.measure(OPENED, (double) unowned(queued));
        trial.measure(QUEUE, (double) waiting);
        trial.observe(
                CONNECTED,
                equalTo(n),
                () -> connects.stream().filter(CallResult.OK::equals).count());
        trial.observe(CLIENT_ESTABLISHED, equalTo(n), () -> (long) clients.count(ESTABLISHED));
        trial.observe(SERVER_ESTABLISHED, equalTo(n), () -> unowned(queued));
        trial.observe(QUEUED, equalTo(n), () -> waiting);

        trial.step("the server accepts");
        for (long left = unowned(queued); left > 0; left--) {
            server.accept(SOON).orThrow("accept");
        }
        Census accepted = trial.server().census();
        trial.observe(ACCEPTED, equalTo(n), () -> nowOwned(queued, accepted));
        trial.observe(PATHS, equalTo("%1$d and %1$d".formatted(n)), () -> pathsTaken(trial));
    }

    private static Socket server(Trial trial) {
        if (trial.faulty()) {
            return Connection.listener(trial.server(), trial.knob(CONNECTIONS));
        }
        Socket deaf = trial.server().socket();
        InetSocketAddress address =
                new InetSocketAddress(trial.server().addresses().getFirst(), 0);
        deaf.bind(address).orThrow("bind to " + address);
        return deaf;
    }

    /** What each connect() said. */
    private static List<String> connect(Trial trial, InetSocketAddress server) throws InterruptedException {
        List<String> results = new ArrayList<>();
        for (int i = 0; i < trial.knob(CONNECTIONS); i++) {
            results.add(Connection.socket(trial.client()).connect(server, SOON).name());
        }
        trial.measure(
                "client.ECONNREFUSED",
                (double) results.stream().filter("ECONNREFUSED"::equals).count(),
                "connections");
        return results;
    }

    private static long unowned(Census census) {
        return census.in(ESTABLISHED).stream()
                .filter(socket -> !socket.hasOwner())
                .count();
    }

    /** Sockets that were ESTABLISHED without an owner, and are ESTABLISHED with one. */
    private static long nowOwned(Census before, Census after) {
        List<Long> unowned = before.in(ESTABLISHED).stream()
                .filter(socket -> !socket.hasOwner())
                .map(TcpSocket::cookie)
                .toList();
        return after.in(ESTABLISHED).stream()
                .filter(TcpSocket::hasOwner)
                .filter(socket -> unowned.contains(socket.cookie()))
                .count();
    }

    private static String pathsTaken(Trial trial) {
        List<Transition> transitions = trial.transitions();
        return "%d and %d"
                .formatted(
                        StatePaths.ending(transitions, trial.client().addresses(), CLIENTS_PATH),
                        StatePaths.ending(transitions, trial.server().addresses(), SERVERS_PATH));
    }
}
