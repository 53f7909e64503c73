package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.between;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static java.util.stream.Collectors.joining;

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
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The other side closes at once: its FIN takes the acknowledgement along, and three segments are enough. */
public final class ThreeSegmentClose implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A server that has closed so many seconds after the FIN was quicker than any delayed-ACK timer. */
    private static final double IN_TIME = 0.025;

    /** So many times as many connections are made, until enough were closed in time. */
    private static final int TRIES = 10;

    /** Milliseconds: a delayed ACK is sent after TCP_DELACK_MAX, 200 ms, at the latest. */
    private static final long LATEST = 250;

    private static final String APART = "FIN-ACK, ACK, FIN-ACK, ACK";

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 5, 1, 200, "connections that are closed from both sides, one after the other");

    static final Expectation THREE = deciding(
            SERVER,
            SEGMENTS,
            "so many connections are closed by three segments: FIN, FIN with ACK, ACK (the first carries the old ACK)");
    static final Expectation FOUR =
            supporting(SERVER, SEGMENTS, "where the server waits longer, there are four: its ACK goes out alone");
    static final Expectation DELAYED =
            supporting(SERVER, SEGMENTS, "namely after the delayed-ACK time, milliseconds after the FIN");
    static final Expectation ALL_WAIT =
            supporting(CLIENT, SOCK_DIAG, "both are full closes: who closed first has TIME_WAIT for each connection");
    static final Expectation NOTHING_LEFT =
            supporting(SERVER, SOCK_DIAG, "and the other side has nothing left but its listener");

    private static final Measure MERGED_CLOSES = Measure.count(
            "server.merged", "connections", Better.HIGHER, "closes in which the server's ACK and FIN are one segment");

    @Override
    public Story story() {
        return new Story(
                "three-segment-close",
                "the other side closes at once: FIN and ACK go in one segment, and three are enough",
                """
                To close takes four segments, it is said: FIN and ACK one way, FIN and ACK the other. But every segment can
                carry an acknowledgement. When the peer's FIN arrives, the kernel doesn't acknowledge it at once: it
                enters pingpong mode (tcp_fin in net/ipv4/tcp_input.c), in which it expects the application to answer
                soon, and starts the delayed-ACK timer of about 40 ms (TCP_ATO_MIN). If the application reads EOF and
                closes before the timer is up, its FIN acknowledges the other's, and there are three. If it is later,
                the ACK has gone out alone, and there are four. Nobody chooses that: it is a matter of
                milliseconds. On a connection that has never carried data to the server the timer isn't set up yet (ato is
                0), and the kernel waits no longer than its next tick: such a close mostly takes four.

                The states are the same (RFC 9293, section 3.6), only FIN_WAIT_2 is passed within one segment and can't be
                seen. In a capture of a busy server both kinds stand side by side, and mean nothing more than how
                soon it closed. A FIN that doesn't take the ACK along is no fault.""",
                "the server closes as soon as it has read EOF",
                "the server closes when its kernel has acknowledged the FIN",
                List.of("net.ipv4.tcp_pingpong_thresh"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(THREE, FOUR, DELAYED, ALL_WAIT, NOTHING_LEFT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire().withTimeWaitKept();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(40); // one connection at a time
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(MERGED_CLOSES);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int count = trial.knob(CONNECTIONS);
        Socket listener = Connection.listener(trial.server(), 8);
        trial.step("the client closes, then the server");
        List<Close> closes = new ArrayList<>();
        int opened = 0;
        while (closes.size() < count && opened < count * TRIES) {
            opened++;
            Close close = close(trial, Connection.open(trial.client(), listener), trial.faulty());
            if (!trial.faulty() || (close.secondsUntil(close.serversFin()) <= IN_TIME && close.undisturbed())) {
                closes.add(close);
            }
        }
        trial.step("the client closes, and the server waits");
        Close late = close(trial, Connection.open(trial.client(), listener), false);
        opened++;

        int all = opened;
        long merged = closes.stream().filter(Close::merged).count();
        trial.measure(MERGED_CLOSES, (double) merged);
        trial.observe(THREE, equalTo(count), () -> {
            requireEnough(closes.size(), count);
            return merged;
        });
        trial.observe(FOUR, equalTo(APART), late::names);
        trial.observe(DELAYED, between(25, LATEST), () -> delay(late));
        Census client = trial.client().await(census -> census.count(TIME_WAIT) == all, SOON);
        trial.observe(ALL_WAIT, equalTo(all), () -> (long) client.count(TIME_WAIT));
        Census server = trial.server().await(census -> census.sockets().size() == census.count(LISTEN), SOON);
        trial.observe(NOTHING_LEFT, equalTo(0), () -> (long) server.sockets().size() - server.count(LISTEN));
    }

    /**
     * The segments by which a connection was closed, each the first of its kind: on a busy machine one may come twice,
     * because the other side's answer is still on its way when its sender's timer is up.
     *
     * @param clientsFins how often the client's FIN came
     * @param serversAck the server's first segment that acknowledges the client's FIN; perhaps its FIN
     * @param clientsAck the client's first segment that acknowledges the server's FIN
     */
    private record Close(
            WireSegment clientsFin,
            long clientsFins,
            WireSegment serversAck,
            WireSegment serversFin,
            WireSegment clientsAck) {

        /** A FIN that comes again is acknowledged at once (tcp_data_queue enters quick-ACK mode), before anybody can close. */
        boolean undisturbed() {
            return clientsFins == 1;
        }

        boolean merged() {
            return serversAck.equals(serversFin);
        }

        String names() {
            return Stream.of(clientsFin, serversAck, serversFin, clientsAck)
                    .distinct()
                    .map(one -> OnTheWire.name(one.segment()))
                    .collect(joining(", "));
        }

        /** Since the server's kernel was given the client's FIN. */
        double secondsUntil(WireSegment servers) {
            return (servers.atNanos() - clientsFin.leftAtNanos().orElse(clientsFin.atNanos())) / 1e9;
        }
    }

    /** Closes from both sides. */
    private static Close close(Trial trial, Connection connection, boolean atOnce) throws InterruptedException {
        int port = connection.client().local().getPort();
        talk(connection);
        connection.client().close();
        WireSegment clientsFin = await(trial, segment -> segment.sourcePort() == port && segment.has(TcpFlag.FIN));
        Predicate<Segment> acknowledgesIt =
                segment -> segment.destinationPort() == port && OnTheWire.acknowledges(segment, clientsFin.segment());
        connection.server().receive(1, SOON).orThrow("read EOF");
        if (!atOnce) {
            await(trial, acknowledgesIt);
        }
        connection.server().close();
        WireSegment serversFin = await(trial, segment -> segment.destinationPort() == port && segment.has(TcpFlag.FIN));
        WireSegment clientsAck = await(
                trial,
                segment -> segment.sourcePort() == port && OnTheWire.acknowledges(segment, serversFin.segment()));
        long clientsFins = trial.segments().stream()
                .map(WireSegment::segment)
                .filter(segment -> segment.sourcePort() == port && segment.has(TcpFlag.FIN))
                .count();
        return new Close(clientsFin, clientsFins, await(trial, acknowledgesIt), serversFin, clientsAck);
    }

    /** A byte each way: as long as a socket has received no data, its delayed-ACK time is not 40 ms but none at all. */
    private static void talk(Connection connection) throws InterruptedException {
        connection.client().send(1).orThrow("send");
        connection.server().receive(1, SOON).orThrow("receive");
        connection.server().send(1).orThrow("send back");
        connection.client().receive(1, SOON).orThrow("receive the answer");
    }

    private static WireSegment await(Trial trial, Predicate<Segment> wanted) throws InterruptedException {
        return trial.wire()
                .await(one -> wanted.test(one.segment()), SOON)
                .orElseThrow(() -> new EvidenceMissing("a segment of the close never came onto the wire"));
    }

    /** Milliseconds; the wire sees no segment early, but on a busy machine late. */
    private static long delay(Close close) {
        long delay = Math.round(1000 * close.secondsUntil(close.serversAck()));
        if (delay > LATEST) {
            throw new EvidenceMissing("the machine was too busy: the wire saw the ACK after %d ms".formatted(delay));
        }
        return delay;
    }

    private static void requireEnough(int inTime, int wanted) {
        if (inTime < wanted) {
            throw new EvidenceMissing("the machine was too busy: the server closed %d connections of %d in time"
                    .formatted(inTime, wanted));
        }
    }
}
