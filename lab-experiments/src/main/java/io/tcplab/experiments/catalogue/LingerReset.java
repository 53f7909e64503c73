package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.Hold;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.client.Stop;
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
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.LingerZero;
import io.tcplab.server.NeverRead;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.List;

/** SO_LINGER 0 turns close() into a RST: no TIME_WAIT, an error for the peer, and lost data. */
public final class LingerReset implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int REQUEST = 64;
    private static final int LINGER_SECONDS = 5;

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 100, 1, 10_000, "connections that are closed in each of the two scenes");
    private static final Knob<Integer> UNREAD = Knob.integer(
            "unread",
            524_288,
            262_144,
            4_000_000,
            "bytes that are sent to a peer that doesn't read, on each connection");

    static final Expectation PEER_RESET =
            deciding(CLIENT, ERRNO, "the peer's read fails with ECONNRESET where an orderly close gives EOF");
    static final Expectation NO_TIME_WAIT =
            deciding(SERVER, SOCK_DIAG, "TIME_WAIT is nowhere: neither at the closer nor at the peer");
    static final Expectation COUNTED = deciding(SERVER, COUNTERS, "each such close is counted (TcpExtTCPAbortOnData)");
    static final Expectation RST_SENT = supporting(SERVER, COUNTERS, "a RST goes out for each (TcpOutRsts)");
    static final Expectation DISCARDED =
            deciding(CLIENT, SOCK_DIAG, "bytes that wait in the closer's Send-Q are gone with it");
    static final Expectation LINGER_TIME = supporting(
            CLIENT,
            SOCK_DIAG,
            "with a time other than 0 close() is an orderly one: FIN, and TIME_WAIT for its connection");

    private static final Measure RESETS = Measure.count(
            "client.ECONNRESET", "connections", Better.LOWER, "answers whose end the peer reads as an error");
    private static final Measure WAITING =
            Measure.sockets(SERVER, TIME_WAIT, Better.NEITHER, "when it has closed them all");
    private static final Measure UNSENT = Measure.count(
            "client.discarded",
            Measure.BYTES,
            Better.LOWER,
            "what waited in the clients' Send-Qs when they closed, and is gone");

    @Override
    public Story story() {
        return new Story(
                "linger-reset",
                "close() with SO_LINGER 0 sends RST: no TIME_WAIT, ECONNRESET for the peer, unsent data lost",
                """
                SO_LINGER with a timeout of zero makes close() send a RST instead of a FIN and forget the connection at once. It is
                sold as a cure for TIME_WAIT, and there is indeed none, on either side. Two things are paid for it.

                The peer's next read fails with ECONNRESET instead of EOF, so it can't tell an answer that ended from one that was cut off. And
                what the closer's kernel hadn't sent yet is thrown away: the second scene has a peer that reads slowly, its window full,
                and compares the Send-Q before and after. (What has already arrived in the peer's Recv-Q can still be read on
                Linux; other systems throw that away too.) Only linger 0 does this; other values make close() wait.""",
                "SO_LINGER is set to 0 before close()",
                "close() as it is",
                List.of("net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, UNREAD);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(PEER_RESET, NO_TIME_WAIT, COUNTED, RST_SENT, DISCARDED, LINGER_TIME);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        // The closer's kernel must take the whole of it, so that what the peer has no room for waits in Send-Q.
        int sendBuffer = 4 * knobs.get(UNREAD);
        return CellPlan.plain()
                .withTimeWaitKept()
                .with(CLIENT, "net.ipv4.tcp_wmem", "4096 %d %d".formatted(sendBuffer, sendBuffer));
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 4, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    @Override
    public List<Measure> measures() {
        return List.of(RESETS, WAITING, UNSENT);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        serverCloses(trial);
        clientClosesWithDataUnsent(trial);
        lingerTime(trial);
    }

    private static void serverCloses(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        trial.step("a server answers %d requests and closes".formatted(n));
        var server = trial.server().serve(trial.faulty() ? new LingerZero(REQUEST, true) : new WellBehaved(true));
        LoadPlan plan = trial.client()
                .plan(new ShortLived(1, Closer.SERVER), server)
                .withPayloadBytes(REQUEST)
                .withStop(new Stop.AfterCount(n));
        LoadReport report = trial.client().load(plan).awaitEach(SOON);
        trial.measure(RESETS, (double) report.failed("ECONNRESET"));
        trial.measure(WAITING, trial.server().census().count(TIME_WAIT));
        trial.observe(PEER_RESET, equalTo(n), () -> report.failed("ECONNRESET"));
        trial.observe(
                NO_TIME_WAIT,
                equalTo(0),
                () -> (long) trial.server().census().count(TIME_WAIT)
                        + trial.client().census().count(TIME_WAIT));
        trial.observe(COUNTED, equalTo(n), () -> trial.server().counters().get("TcpExtTCPAbortOnData"));
        trial.observe(RST_SENT, atLeast(n), () -> trial.server().counters().get("TcpOutRsts"));
    }

    private static void clientClosesWithDataUnsent(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        trial.step("%d clients send to a server that doesn't read".formatted(n));
        var server = trial.server().serve(new NeverRead());
        LoadPlan plan = trial.client()
                .plan(new Hold(), server)
                .withPayloadBytes(trial.knob(UNREAD))
                .withConcurrency(n)
                .withStop(new Stop.AfterCount(n))
                .withLingerZero(trial.faulty());
        RunningLoad clients = trial.client().load(plan);
        Census full = trial.client()
                .await(
                        census -> census.in(ESTABLISHED).stream()
                                        .filter(s -> s.sendQueue() > 0)
                                        .count()
                                == n,
                        SOON);
        trial.measure("client.Send-Q.before", (double) unsent(full), "bytes");

        trial.step("the clients close");
        clients.release();
        Census closed = trial.client().await(census -> census.count(ESTABLISHED) == 0, SOON);
        trial.measure(UNSENT, (double) unsent(full) - unsent(closed));
        trial.observe(DISCARDED, equalTo(0), () -> unsent(closed));
    }

    private static void lingerTime(Trial trial) throws InterruptedException {
        trial.step("a client closes with a time to linger");
        Connection connection = Connection.open(trial.client(), Connection.listener(trial.server(), 1));
        int port = connection.client().local().getPort();
        connection.client().linger(LINGER_SECONDS).orThrow("setsockopt SO_LINGER");
        connection.closeFrom(CLIENT);
        Census waiting = trial.client()
                .await(
                        SocketQuery.ofStates(TIME_WAIT).withLocalPort(port),
                        found -> !found.sockets().isEmpty(),
                        SOON);
        trial.observe(LINGER_TIME, equalTo(1), () -> (long) waiting.sockets().size());
    }

    private static long unsent(Census census) {
        return census.sockets().stream().mapToLong(TcpSocket::sendQueue).sum();
    }
}
