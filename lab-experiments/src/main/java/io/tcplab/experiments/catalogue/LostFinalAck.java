package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.onTimetable;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Timetable;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Verdict;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The last ACK of the handshake is lost: the client is connected, the server isn't, and sends its SYN-ACK again. */
public final class LostFinalAck implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** By the kernel's default of tcp_synack_retries. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(65);

    /** Longer than the timetable of the most retransmissions that can be asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Knob<Integer> RETRANSMISSIONS = Knob.integer(
            "retransmissions",
            5,
            1,
            5,
            "SYN-ACK retransmissions, the last of which is answered by an ACK that arrives");

    static final Expectation HALF_OPEN =
            deciding(SERVER, SOCK_DIAG, "the server is in SYN_RECV, though the client's connect() has succeeded");
    static final Expectation CLIENT_SURE =
            supporting(CLIENT, SOCK_DIAG, "the client is ESTABLISHED and knows nothing of it");
    static final Expectation TIMETABLE =
            deciding(SERVER, SEGMENTS, "the server sends its SYN-ACK again, these seconds after the first");
    static final Expectation MENDED =
            supporting(SERVER, SOCK_DIAG, "once an ACK arrives, the server is ESTABLISHED, too");

    private static final Measure SENT_AGAIN = Measure.count(
            "server.SYN-ACK.again",
            "segments",
            Better.NEITHER,
            "how often the SYN-ACK comes again, if no ACK ever arrives");
    private static final Measure REMEMBERED = Measure.timer(
            "server.SYN_RECV.seconds", Better.LOWER, "how long the server remembers the half-open connection");

    @Override
    public Story story() {
        return new Story(
                "lost-final-ack",
                "the handshake's last ACK is lost: the server sends its SYN-ACK again until one arrives",
                """
                The client is ESTABLISHED when it has the SYN-ACK, and its connect() returns. The server becomes so only with
                the ACK; if that is lost, it is in SYN_RECV, and nothing tells the client. An ACK is never sent again on
                its own, since nobody acknowledges it: it is the server that sends its SYN-ACK again, after 1 second, then
                2 more, 4 more, … (reqsk_timer_handler in net/ipv4/inet_connection_sock.c), and the client answers each with
                another ACK. After net.ipv4.tcp_synack_retries (5) of them, and about 64 seconds, the server forgets the
                connection.

                Any segment with data would do instead, as all carry an ACK: a client that speaks first hardly notices. Where
                the server speaks first (SSH, SMTP, MySQL), the greeting comes a second late.""",
                "the wire loses the client's first ACKs",
                "the wire loses nothing",
                List.of("net.ipv4.tcp_synack_retries"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(RETRANSMISSIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(HALF_OPEN, CLIENT_SURE, TIMETABLE, MENDED);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1L << knobs.get(RETRANSMISSIONS));
    }

    @Override
    public List<Measure> measures() {
        return List.of(SENT_AGAIN, REMEMBERED);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return FORGOTTEN;
    }

    /** The wire loses each of the client's ACKs. */
    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), 8);
        trial.wire().add(Rule.drop("ACK lost", Match.toServer().bareAck()));
        trial.step("the client connects, and no ACK of its arrives");
        long start = System.nanoTime();
        Connection.socket(trial.client()).connect(listener.local(), SOON).orThrow("connect");
        trial.server().await(census -> census.count(SYN_RECV) == 1, SOON);
        Census end = trial.server().await(census -> census.count(SYN_RECV) == 0, FORGOTTEN.multipliedBy(2));
        trial.measure(SENT_AGAIN, repeats(trial.segments()).size());
        trial.measure(REMEMBERED, end.count(SYN_RECV) == 0 ? (end.atNanos() - start) / 1e9 : Double.POSITIVE_INFINITY);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int retransmissions = trial.knob(RETRANSMISSIONS);
        Socket listener = Connection.listener(trial.server(), 8);
        // Each SYN-ACK is answered by one ACK, so the one that arrives is the answer to the last retransmission.
        Match acks = Match.toServer().bareAck().first(retransmissions);
        Optional<RuleHandle> lost =
                trial.faulty() ? Optional.of(trial.wire().add(Rule.drop("ACK lost", acks))) : Optional.empty();

        trial.step("the client connects");
        Connection.socket(trial.client()).connect(listener.local(), SOON).orThrow("connect");
        Census between = afterFirstAck(trial);
        long sure = trial.client().census().count(ESTABLISHED);

        trial.step("the server sends its SYN-ACK again");
        Census mended = trial.server().await(census -> census.count(ESTABLISHED) == 1, PATIENCE);
        List<Double> again = repeats(trial.segments());
        lost.ifPresent(rule -> OnTheWire.requireMatched(rule, retransmissions));
        trial.observe(HALF_OPEN, equalTo(1), () -> (long) between.count(SYN_RECV));
        trial.observe(CLIENT_SURE, equalTo(1), () -> sure);
        trial.observe(TIMETABLE, onTimetable(Timetable.synAck(retransmissions)), () -> again);
        trial.observe(MENDED, equalTo(1), () -> (long) mended.count(ESTABLISHED));
    }

    /** The server's sockets once the first ACK has reached it, or has been lost for good. */
    private static Census afterFirstAck(Trial trial) throws InterruptedException {
        WireSegment ack = OnTheWire.require(trial.wire(), OnTheWire::isBareAck, "the client's ACK");
        boolean lost = ack.verdict().kind() == Verdict.Kind.DROPPED;
        return trial.server().await(census -> census.count(lost ? SYN_RECV : ESTABLISHED) == 1, SOON);
    }

    private static List<Double> repeats(List<WireSegment> segments) {
        return OnTheWire.again(segments.stream()
                .filter(segment -> OnTheWire.isSynAck(segment.segment()))
                .toList());
    }
}
