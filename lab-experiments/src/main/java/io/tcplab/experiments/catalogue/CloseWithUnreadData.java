package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.atMost;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.BYTES;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server answers early and closes with the rest of the request unread: RST, and the answer is lost on its way. */
public final class CloseWithUnreadData implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int REQUEST = 10_000;
    private static final int READ = 65_536;

    /** Small, so that most of the answer has to wait at the server. */
    private static final int CLIENT_BUFFER = 4_096;

    private static final Knob<Integer> CONNECTIONS = Knob.integer(
            "connections", 10, 1, 1_000, "connections whose client reads on, and as many whose client sends on");
    private static final Knob<Integer> RESPONSE =
            Knob.integer("response", 100_000, 50_000, 150_000, "bytes of the answer on each connection");

    static final Expectation RESET = deciding(CLIENT, ERRNO, "the clients that read get ECONNRESET instead of EOF");
    static final Expectation LOST =
            deciding(CLIENT, BYTES, "they get less of the answer than the server's kernel had taken from the server");
    static final Expectation SEND_FAILS =
            deciding(CLIENT, ERRNO, "the clients that send on get ECONNRESET from send(), before they read any answer");
    static final Expectation COUNTED = deciding(SERVER, COUNTERS, "each such close is counted (TcpExtTCPAbortOnClose)");
    static final Expectation RST_SENT = supporting(SERVER, COUNTERS, "a RST goes out for each (TcpOutRsts)");
    static final Expectation NO_TIME_WAIT =
            deciding(SERVER, SOCK_DIAG, "the server, which closed first, has no TIME_WAIT");

    private static final Measure UNREAD = Measure.count(
            "client.lost", Measure.BYTES, Better.LOWER, "what of the answers the clients' processes never read");
    private static final Measure RESETS = Measure.count(
            "client.ECONNRESET", "connections", Better.LOWER, "reads of an answer that end with an error");

    /** How reading to the end went: what came, and what ended it. */
    private record Answer(long bytes, String end) {}

    @Override
    public Story story() {
        return new Story(
                "close-with-unread-data",
                "close() with unread bytes in the receive queue sends RST: the peer loses the answer",
                """
                A server sees from the first lines that it won't take a request, answers, and closes. Nothing is wrong
                with the answer; but bytes of the request lie unread in its receive queue. close() can't pass them on
                any more, and must not let the peer believe that they were (RFC 2525, section 2.17): the kernel sends
                RST instead of FIN (__tcp_close), and drops what it hadn't yet sent. No SO_LINGER is needed for that.

                The client reads what had already arrived, then ECONNRESET; or it is still sending, gets ECONNRESET
                from send(), and never looks at the answer at all. That is the upload that ends with "connection reset
                by peer" instead of "413 Content Too Large". The remedy: shutdownOutput(), then read to EOF within a
                limit of bytes and of time, then close() (nginx: lingering_close).""",
                "the server closes before it has read the request",
                "the server reads the request, then answers and closes",
                List.of("net.ipv4.tcp_rmem", "net.core.wmem_max"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, RESPONSE);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(RESET, LOST, SEND_FAILS, COUNTED, RST_SENT, NO_TIME_WAIT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
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
        return List.of(UNREAD, RESETS);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        trial.step("%d clients send a request".formatted(2 * n));
        List<Connection> connections = connect(trial, 2 * n);
        trial.server().await(census -> unread(census) == 2L * n, SOON);

        trial.step("the server answers and closes");
        long answered = 0;
        for (Connection connection : connections.subList(n, 2 * n)) {
            answer(trial, connection.server());
        }
        for (Connection connection : connections.subList(0, n)) {
            answered += answer(trial, connection.server());
        }
        awaitClose(trial);
        trial.observe(COUNTED, equalTo(2L * n), () -> trial.server().counters().get("TcpExtTCPAbortOnClose"));
        trial.observe(RST_SENT, atLeast(2L * n), () -> trial.server().counters().get("TcpOutRsts"));
        List<String> sends = connections.subList(n, 2 * n).stream()
                .map(connection -> connection.client().send(REQUEST).name())
                .toList();
        trial.observe(SEND_FAILS, equalTo(n), () -> count(sends, "ECONNRESET"));
        read(trial, connections.subList(0, n), answered);
    }

    private static long unread(Census census) {
        return census.in(ESTABLISHED).stream()
                .filter(socket -> socket.recvQueue() == REQUEST)
                .count();
    }

    /** Until each client knows of the RST, or each server socket waits in FIN_WAIT_1 to send the rest. */
    private static void awaitClose(Trial trial) throws InterruptedException {
        int all = 2 * trial.knob(CONNECTIONS);
        trial.client()
                .await(
                        census -> census.count(ESTABLISHED) == 0
                                || trial.server().census().count(FIN_WAIT1) == all,
                        SOON);
    }

    private static List<Connection> connect(Trial trial, int count) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), count);
        // Accepted sockets inherit it. Answers must fit, so that send() takes all of one at once.
        listener.sendBuffer(2 * trial.knob(RESPONSE)).orThrow("setsockopt SO_SNDBUF");
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket client = Connection.socket(trial.client());
            client.receiveBuffer(CLIENT_BUFFER).orThrow("setsockopt SO_RCVBUF");
            Connection connection = Connection.open(client, listener);
            client.send(REQUEST).orThrow("send the request");
            connections.add(connection);
        }
        return connections;
    }

    /** Returns how much of the answer the server's kernel took. */
    private static int answer(Trial trial, Socket server) throws InterruptedException {
        if (!trial.faulty()) {
            for (int read = 0; read < REQUEST; ) {
                read += server.receive(REQUEST, SOON).orThrow("read the request").length;
            }
        }
        int taken = server.send(trial.knob(RESPONSE)).orThrow("send the answer");
        server.close();
        return taken;
    }

    private static void read(Trial trial, List<Connection> readers, long answered) throws InterruptedException {
        trial.step("the clients read the answer");
        List<Answer> answers = new ArrayList<>();
        for (Connection connection : readers) {
            answers.add(readAll(connection.client()));
            connection.client().close();
        }
        long bytes = answers.stream().mapToLong(Answer::bytes).sum();
        long resets = count(answers.stream().map(Answer::end).toList(), "ECONNRESET");
        trial.measure("server.answered", (double) answered, "bytes");
        trial.measure("client.read", (double) bytes, "bytes");
        trial.measure(UNREAD, (double) answered - bytes);
        trial.measure(RESETS, (double) resets);
        trial.observe(RESET, equalTo(readers.size()), () -> resets);
        trial.observe(LOST, atMost(answered - 1), () -> bytes);
        Census left = trial.server().await(census -> census.count(FIN_WAIT1) + census.count(FIN_WAIT2) == 0, SOON);
        trial.observe(NO_TIME_WAIT, equalTo(0), () -> (long) left.count(TIME_WAIT));
    }

    private static Answer readAll(Socket client) throws InterruptedException {
        long bytes = 0;
        while (true) {
            CallResult<byte[]> part = client.receive(READ, SOON);
            if (!part.ok()) {
                return new Answer(bytes, part.name());
            }
            int length = part.orThrow("receive").length;
            if (length == 0) {
                return new Answer(bytes, "EOF");
            }
            bytes += length;
        }
    }

    private static long count(List<String> ends, String wanted) {
        return ends.stream().filter(wanted::equals).count();
    }
}
