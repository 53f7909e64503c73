package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.BYTES;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
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
import io.tcplab.experiments.cell.Patience;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpInfo;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.HalfCloseThenSend;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The client stops sending and goes on receiving: read() returning 0 doesn't mean that the peer has gone. */
public final class HalfClose implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int PAYLOAD = 64;

    private static final SocketQuery CLOSE_WAITING =
            SocketQuery.ofStates(CLOSE_WAIT).withTcpInfo();
    private static final SocketQuery FIN_WAIT_2 =
            SocketQuery.ofStates(FIN_WAIT2).withTcpInfo();

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 50, 1, 10_000, "connections that are half-closed");
    private static final Knob<Integer> BYTES_AFTER_EOF = Knob.integer(
            "bytes", 65_536, 1_000, 10_000_000, "bytes that the server sends on each after it has read EOF");
    private static final Knob<Duration> SENDING = Knob.seconds("sending", 3, 1, 60, "time over which it sends them");

    static final Expectation SERVER_SENDS = deciding(
            SERVER,
            SOCK_DIAG,
            "the server is in CLOSE_WAIT and still sends: the peer acknowledges data after its own FIN");
    static final Expectation CLIENT_RECEIVES =
            deciding(CLIENT, SOCK_DIAG, "the client's sockets receive data after their own FIN, in FIN_WAIT_2");
    static final Expectation NOTHING_LOST =
            deciding(CLIENT, BYTES, "the client's process reads every byte that the server sent after EOF");
    static final Expectation NO_RESET =
            deciding(CLIENT, COUNTERS, "the client's kernel answers none of it with a RST (TcpOutRsts)");
    static final Expectation NORMAL_END =
            supporting(CLIENT, SOCK_DIAG, "the server's FIN ends each: the client goes to TIME_WAIT");
    static final Expectation SERVER_CLEAN = supporting(SERVER, SOCK_DIAG, "nothing is left on the server");

    private static final Measure READ = Measure.count(
            "client.read", Measure.BYTES, Better.HIGHER, "what the clients' processes read, before and after EOF");
    private static final Measure RESETS =
            Measure.count("client.OutRsts", "segments", Better.LOWER, "RSTs that the clients' kernel sends");
    private static final Measure ENDED = Measure.sockets(CLIENT, TIME_WAIT, Better.NEITHER, "when all have ended");

    @Override
    public Story story() {
        return new Story(
                "half-close",
                "after shutdownOutput() the client still receives: EOF isn't goodbye",
                """
                A connection is two streams, and each side ends its own. shutdownOutput() sends a FIN and keeps the socket: the
                server reads EOF and is in CLOSE_WAIT, the client is in FIN_WAIT_2, and the server may go on sending for as long
                as it likes (RFC 9293, section 3.6). tcp_fin_timeout doesn't apply, since the client's process still
                holds its socket.

                close() looks the same to the server, EOF and all, but the client's socket is gone. The first byte that the
                server sends then is answered with a RST, and everything after it is lost. A server can't tell the two apart
                by reading; only its next write can. Programs that use half-close: rsh, ssh, nc -N, HTTP proxies that tunnel.""",
                "the client ends its output only: shutdownOutput()",
                "the client closes: close()",
                List.of("net.ipv4.tcp_fin_timeout"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, BYTES_AFTER_EOF, SENDING);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(SERVER_SENDS, CLIENT_RECEIVES, NOTHING_LOST, NO_RESET, NORMAL_END, SERVER_CLEAN);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withTimeWaitKept();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return knobs.get(SENDING).plusSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(READ, RESETS, ENDED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int afterEof = trial.knob(BYTES_AFTER_EOF);
        Duration sending = trial.knob(SENDING);

        trial.step("%d clients send, then end their output".formatted(n));
        RunningServer server = trial.server().serve(new HalfCloseThenSend(afterEof, sending));
        LoadPlan plan = trial.client()
                .plan(trial.faulty() ? new io.tcplab.client.HalfClose() : new ShortLived(), server)
                .withPayloadBytes(PAYLOAD)
                .withConcurrency(n)
                .withStop(new Stop.AfterCount(n))
                .withDrain(Patience.most(sending.plus(SOON))); // they end by themselves, however slow
        RunningLoad clients = trial.client().load(plan);

        trial.step("the server sends on, after EOF");
        // Socket by socket, and both hosts at each look: on a busy machine the first may be done before the last
        // begins.
        Set<Long> sent = new HashSet<>();
        Set<Long> received = new HashSet<>();
        trial.server()
                .await(
                        CLOSE_WAITING,
                        census -> {
                            sent.addAll(sentAfterEof(census));
                            received.addAll(receivedAfterFin(trial.client().census(FIN_WAIT_2)));
                            boolean all = sent.size() == n && received.size() == n;
                            return all || (census.sockets().isEmpty() && hasEnded(clients.report(), n));
                        },
                        sending.plus(SOON));

        trial.step("the server closes");
        LoadReport report = clients.awaitEach(sending.plus(SOON));
        Census serverLeft = trial.server()
                .await(census -> census.count(LISTEN) == census.sockets().size(), SOON);
        long ended = trial.client().census().count(TIME_WAIT);
        trial.measure(READ, (double) report.bytesReceived());
        trial.measure(RESETS, () -> (double) trial.client().counters().get("TcpOutRsts"));
        trial.measure(ENDED, (double) ended);
        long all = (long) n * (PAYLOAD + afterEof);
        boolean over = report.bytesReceived() == all;
        trial.observe(SERVER_SENDS, equalTo(n), () -> seen(sent, n, over));
        trial.observe(CLIENT_RECEIVES, equalTo(n), () -> seen(received, n, over));
        trial.observe(NOTHING_LOST, equalTo(all), report::bytesReceived);
        trial.observe(NO_RESET, equalTo(0), () -> trial.client().counters().get("TcpOutRsts"));
        trial.observe(NORMAL_END, equalTo(n), () -> ended);
        trial.observe(
                SERVER_CLEAN, equalTo(0), () -> (long) serverLeft.sockets().size() - serverLeft.count(LISTEN));
    }

    /** Whatever had all its bytes, and ended in good order, was there to be seen: too late for a machine that is slow to look. */
    private static long seen(Set<Long> sockets, int n, boolean over) {
        if (over && sockets.size() < n) {
            throw new EvidenceMissing(
                    "the machine was too busy: %d of %d connections had ended before they were looked at"
                            .formatted(n - sockets.size(), n));
        }
        return sockets.size();
    }

    /** Sockets in CLOSE_WAIT whose peer has acknowledged more than the echo; the SYN counts as one byte (RFC 9293, 3.4). */
    private static Set<Long> sentAfterEof(Census census) {
        return cookies(census, CLOSE_WAIT, info -> info.require(TcpInfoField.BYTES_ACKED) > PAYLOAD + 1);
    }

    /** Sockets in FIN_WAIT_2 that have got more than the echo: the server sends that only once it has read EOF. */
    private static Set<Long> receivedAfterFin(Census census) {
        return cookies(census, FIN_WAIT2, info -> info.require(TcpInfoField.BYTES_RECEIVED) > PAYLOAD);
    }

    private static boolean hasEnded(LoadReport report, int n) {
        return report.completed() + report.failed() + report.givenUp() == n;
    }

    /** Whose process has closed is a minisocket, without tcp_info, and neither sends nor receives. */
    private static Set<Long> cookies(Census census, TcpState state, Predicate<TcpInfo> wanted) {
        return census.in(state).stream()
                .filter(socket -> socket.info().filter(wanted).isPresent())
                .map(TcpSocket::cookie)
                .collect(Collectors.toSet());
    }
}
