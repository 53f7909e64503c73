package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.TRANSITIONS;
import static io.tcplab.kernel.sockets.TcpState.CLOSING;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static java.util.stream.Collectors.toMap;

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
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Both ends close before either has the other's FIN: both pass through CLOSING, and both have TIME_WAIT. */
public final class SimultaneousClose implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 5, 1, 500, "connections that both ends close");

    static final Expectation BOTH_WAIT =
            deciding(SERVER, SOCK_DIAG, "the server has TIME_WAIT for each connection, as if it had closed first");
    static final Expectation SO_DOES_CLIENT =
            supporting(CLIENT, SOCK_DIAG, "and the client for each of the same connections");
    static final Expectation FIN_WAIT = deciding(
            SERVER, SOCK_DIAG, "before the FINs arrive, the server is in FIN_WAIT_1: it has closed first, too");
    static final Expectation CROSSED =
            deciding(SERVER, SEGMENTS, "of the server's FINs, so many acknowledge the client's FIN");
    static final Expectation CLOSING_SEEN = supporting(
            CLIENT, TRANSITIONS, "the sockets of both ends went from FIN_WAIT_1 to CLOSING, none to CLOSE_WAIT");

    private static final Measure SERVERS =
            Measure.sockets(SERVER, TIME_WAIT, Better.NEITHER, "when both ends have closed");
    private static final Measure CLIENTS =
            Measure.sockets(CLIENT, TIME_WAIT, Better.NEITHER, "when both ends have closed");

    @Override
    public Story story() {
        return new Story(
                "simultaneous-close",
                "both ends close at once: CLOSING on both, and TIME_WAIT on both",
                """
                Who closes first gets TIME_WAIT, it is said; but both can be first. When the FINs cross, each end is in
                FIN_WAIT_1 and gets a FIN that doesn't acknowledge its own. It goes to CLOSING, acknowledges, and with
                the other's acknowledgement to TIME_WAIT (RFC 9293, section 3.6, figure 13; tcp_fin and
                tcp_rcv_state_process in net/ipv4/tcp_input.c). Nobody is in CLOSE_WAIT or LAST_ACK.

                It happens where both ends have the same idle timeout, or both hear of a shutdown at the same time. Then
                servers have TIME_WAIT although their clients close, too. CLOSING itself lasts as long as a segment is
                under way: to see many of them means that ACKs are lost.""",
                "the wire holds the FINs until both ends have closed",
                "the server closes when it has read EOF",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(FIN_WAIT, BOTH_WAIT, SO_DOES_CLIENT, CROSSED, CLOSING_SEEN);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire().withTransitions();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(SERVERS, CLIENTS);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int count = trial.knob(CONNECTIONS);
        Socket listener = Connection.listener(trial.server(), 8);
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(Connection.open(trial.client(), listener));
        }
        trial.step("both ends close");
        Census between = trial.faulty() ? closeAtOnce(trial, connections) : closeInTurn(trial, connections);
        Census client = trial.client().await(SimultaneousClose::settled, SOON);
        Census server = trial.server().await(SimultaneousClose::settled, SOON);

        List<WireSegment> segments = trial.segments();
        trial.measure(SERVERS, server.count(TIME_WAIT));
        trial.measure(CLIENTS, client.count(TIME_WAIT));
        trial.observe(FIN_WAIT, equalTo(count), () -> (long) between.count(FIN_WAIT1));
        trial.observe(BOTH_WAIT, equalTo(count), () -> (long) server.count(TIME_WAIT));
        trial.observe(SO_DOES_CLIENT, equalTo(count), () -> (long) client.count(TIME_WAIT));
        trial.observe(CROSSED, equalTo(0), () -> acknowledging(segments));
        trial.observe(
                CLOSING_SEEN,
                equalTo(2L * count),
                () -> trial.transitions().stream()
                        .filter(one -> one.from() == FIN_WAIT1 && one.to() == CLOSING)
                        .count());
    }

    /** Returns the server's sockets when both ends have closed and no FIN has arrived. */
    private static Census closeAtOnce(Trial trial, List<Connection> connections) throws InterruptedException {
        // One rule for both ways: were they released one after the other, the first FIN's ACK could outrun the second
        // FIN.
        RuleHandle held =
                trial.wire().add(Rule.hold("FIN held", Match.anyDirection().with(TcpFlag.FIN)));
        for (Connection connection : connections) {
            InetSocketAddress client = connection.client().local();
            InetSocketAddress server = connection.server().local();
            connection.client().close();
            connection.server().close();
            awaitFin(trial, client, server);
            awaitFin(trial, server, client);
        }
        OnTheWire.requireMatched(held, 2L * connections.size());
        Census between = trial.server().census();
        held.release();
        return between;
    }

    private static void awaitFin(Trial trial, InetSocketAddress from, InetSocketAddress to)
            throws InterruptedException {
        if (trial.wire().await(one -> isFin(one.segment(), from, to), SOON).isEmpty()) {
            throw new EvidenceMissing("a FIN never came onto the wire");
        }
    }

    private static boolean isFin(Segment segment, InetSocketAddress from, InetSocketAddress to) {
        return segment.has(TcpFlag.FIN)
                && segment.source().equals(from)
                && segment.destination().equals(to);
    }

    private static Census closeInTurn(Trial trial, List<Connection> connections) throws InterruptedException {
        for (Connection connection : connections) {
            connection.closeFrom(CLIENT);
        }
        return trial.server().census();
    }

    private static boolean settled(Census census) {
        return census.sockets().stream().allMatch(socket -> socket.state() == TIME_WAIT || socket.state() == LISTEN);
    }

    private static long acknowledging(List<WireSegment> segments) {
        Collection<Segment> fins = fins(Side.CLIENT, segments);
        if (fins.isEmpty()) {
            throw new EvidenceMissing("no FIN of the client's came onto the wire");
        }
        return fins(Side.SERVER, segments).stream()
                .filter(answer -> fins.stream()
                        .anyMatch(fin ->
                                fin.source().equals(answer.destination()) && OnTheWire.acknowledges(answer, fin)))
                .count();
    }

    /** The first of each connection: one that is sent again also acknowledges what has come meanwhile. */
    private static Collection<Segment> fins(Side side, List<WireSegment> segments) {
        return OnTheWire.sentBy(side, segments).stream()
                .filter(segment -> segment.has(TcpFlag.FIN))
                .collect(toMap(
                        segment -> segment.source() + " " + segment.destination(),
                        segment -> segment,
                        (first, again) -> first))
                .values();
    }
}
