package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
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
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The last ACK of a close is lost: the FIN comes again, and TIME_WAIT is there to acknowledge it again. */
public final class TimeWaitLostAck implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Knob<Integer> RETRANSMISSIONS =
            Knob.integer("retransmissions", 2, 1, 5, "FIN retransmissions until the wire lets ACKs through again");

    static final Expectation STILL_THERE =
            deciding(SERVER, SOCK_DIAG, "the server is in LAST_ACK, though the client is in TIME_WAIT");
    static final Expectation FIN_AGAIN =
            deciding(SERVER, SEGMENTS, "the server sends its FIN again and again: so many FINs");
    static final Expectation ACK_AGAIN =
            deciding(CLIENT, SEGMENTS, "the client, which has closed long since, acknowledges it so many times");
    static final Expectation ENDED =
            supporting(SERVER, SOCK_DIAG, "with the first of those that arrives, the server's connection is gone");
    static final Expectation WAITING = supporting(CLIENT, SOCK_DIAG, "the client is in TIME_WAIT all the while");

    private static final Measure FINS = Measure.count(
            "server.FINs", "segments", Better.LOWER, "FINs that the server sends until the client's ACK arrives");
    private static final Measure ACKS = Measure.count(
            "client.ACKs", "segments", Better.NEITHER, "ACKs by which the client's TIME_WAIT answers them");

    @Override
    public Story story() {
        return new Story(
                "time-wait-lost-ack",
                "the last ACK of a close is lost: the FIN comes again, and TIME_WAIT answers it",
                """
                The ACK of the last FIN isn't acknowledged by anybody, so its sender can't know whether it arrived. It
                has to stay for a while, in case the FIN comes again: that is one of the two reasons for TIME_WAIT (RFC
                9293, section 3.6; the other is to keep old segments out of a new connection with the same four numbers).
                The other end is in LAST_ACK meanwhile, and sends its FIN again after 200 ms, 400 ms, … A process
                no longer has to do with either: minisocket and orphan answer on their own
                (tcp_timewait_state_process in net/ipv4/tcp_minisocks.c).

                Were TIME_WAIT not there, the FIN would be answered by RST, and the other end would see a close in good
                order end in an error.""",
                "the wire loses the client's ACKs of the server's FIN",
                "the wire loses nothing",
                List.of("net.ipv4.tcp_orphan_retries"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(RETRANSMISSIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(STILL_THERE, FIN_AGAIN, ACK_AGAIN, ENDED, WAITING);
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
        return Duration.ofMillis(200L << (knobs.get(RETRANSMISSIONS) + 1));
    }

    @Override
    public List<Measure> measures() {
        return List.of(FINS, ACKS);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int retransmissions = trial.knob(RETRANSMISSIONS);
        Socket listener = Connection.listener(trial.server(), 8);
        Connection connection = Connection.open(trial.client(), listener);
        trial.step("the client closes, then the server");
        connection.client().close();
        trial.client().await(census -> census.count(FIN_WAIT2) == 1, SOON);
        Optional<RuleHandle> lost = trial.faulty()
                ? Optional.of(trial.wire()
                        .add(Rule.drop("last ACK lost", Match.toServer().bareAck())))
                : Optional.empty();
        connection.server().close();
        trial.client().await(census -> census.count(TIME_WAIT) == 1, SOON);

        trial.step("the server sends its FIN again");
        Census repeated =
                trial.server().await(census -> gone(census) || answered(trial.segments()) > retransmissions, SOON);
        lost.ifPresent(RuleHandle::remove);
        Census ended = trial.server().await(TimeWaitLostAck::gone, SOON);
        lost.ifPresent(rule -> OnTheWire.requireMatched(rule, retransmissions));
        observe(trial, repeated, ended);
    }

    private static void observe(Trial trial, Census repeated, Census ended) {
        int retransmissions = trial.knob(RETRANSMISSIONS);
        Census client = trial.client().census();
        List<WireSegment> segments = trial.segments();
        List<Segment> turns = turns(segments);
        long fins = turns.stream().filter(TimeWaitLostAck::isFin).count();
        long acks = turns.size() - fins;
        trial.measure(FINS, (double) fins);
        trial.measure(ACKS, (double) acks);
        trial.observe(STILL_THERE, equalTo(1), () -> (long) repeated.count(LAST_ACK));
        trial.observe(FIN_AGAIN, atLeast(retransmissions + 1), () -> fins);
        trial.observe(ACK_AGAIN, atLeast(retransmissions + 1), () -> acks);
        trial.observe(ENDED, equalTo(0), () -> (long) ended.count(LAST_ACK));
        trial.observe(WAITING, equalTo(1), () -> (long) client.count(TIME_WAIT));
    }

    private static boolean gone(Census server) {
        return server.count(LAST_ACK) == 0;
    }

    private static long answered(List<WireSegment> segments) {
        return turns(segments).stream().filter(segment -> !isFin(segment)).count();
    }

    /**
     * The server's FINs and the client's ACKs of them in turn: a FIN that comes again before the other's kernel had a chance
     * to acknowledge it says nothing but that the wire was slow.
     */
    private static List<Segment> turns(List<WireSegment> segments) {
        Optional<Segment> fin = OnTheWire.fin(Side.SERVER, segments);
        if (fin.isEmpty()) {
            return List.of();
        }
        List<Segment> turns = new ArrayList<>();
        for (WireSegment one : segments) {
            boolean isFin = one.direction() == Side.SERVER.outward() && isFin(one.segment());
            boolean isAck =
                    one.direction() == Side.CLIENT.outward() && OnTheWire.acknowledges(one.segment(), fin.get());
            boolean finIsNext = turns.size() % 2 == 0;
            if (finIsNext ? isFin : isAck) {
                turns.add(one.segment());
            }
        }
        return turns;
    }

    private static boolean isFin(Segment segment) {
        return segment.has(TcpFlag.FIN);
    }
}
