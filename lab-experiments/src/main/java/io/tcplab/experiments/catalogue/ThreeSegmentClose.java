package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import java.util.ArrayList;
import java.util.List;

/** The other side closes at once: its FIN takes the acknowledgement along, and three segments are enough. */
public final class ThreeSegmentClose extends AbstractExperiment {
    /** A server that has closed this many seconds after the FIN was quicker than any delayed-ACK timer. */
    private static final double IN_TIME = 0.025;

    /** Milliseconds: a delayed ACK is sent after TCP_DELACK_MAX, 200 ms, at the latest. */
    private static final long LATEST = 250;

    public ThreeSegmentClose() {
        super("three-segment-close", """
                Textbooks say that a close takes four segments: FIN and ACK one way, FIN and ACK the other. But every
                segment can carry an acknowledgement. When the peer's FIN arrives, the kernel doesn't acknowledge it
                immediately: it enters pingpong mode (tcp_fin in net/ipv4/tcp_input.c), in which it expects the
                application to answer soon, and starts the delayed-ACK timer of about 40 ms (TCP_ATO_MIN). If the
                application reads EOF and closes before the timer expires, its FIN acknowledges the peer's, and there
                are three segments. If it closes later, the ACK has gone out alone, and there are four. Nobody chooses
                that: it is a matter of milliseconds. On a connection that has never carried data to the server, the
                timer isn't set up yet (ato is 0), and the kernel waits at most until its next tick: such a close mostly
                takes four.

                The states are the same (RFC 9293, section 3.6), but FIN_WAIT_2 begins and ends with one segment and
                can't be observed. A capture of a busy server shows both kinds, and the difference only means how soon
                it closed. A FIN without the ACK is no fault.""");
        headline("the other side closes immediately: FIN and ACK share a segment, and three are enough");
        fault("the server closes as soon as it has read EOF");
        control("the server closes after its kernel has acknowledged the FIN");
        sysctls("net.ipv4.tcp_pingpong_thresh");
        wire();
        timeWaitKept();
    }

    final Knob<Integer> CONNECTIONS =
            integer("connections", 5, 1, 200, "connections that are closed from both sides, one after the other");

    final Expectation THREE = deciding(SERVER, SEGMENTS, """
            this many connections are closed by three segments: FIN, FIN with ACK, ACK (the first carries the old \
            ACK)""");
    final Expectation FOUR =
            supporting(SERVER, SEGMENTS, "if the server waits longer, there are four: its ACK goes out alone");
    final Expectation DELAYED =
            supporting(SERVER, SEGMENTS, "that ACK goes out after the delayed-ACK time, in milliseconds after the FIN");
    final Expectation ALL_WAIT = supporting(
            CLIENT, SOCK_DIAG, "both are full closes: the side that closed first has TIME_WAIT for each connection");
    final Expectation NOTHING_LEFT = supporting(SERVER, SOCK_DIAG, "and the other side has only its listener left");

    final Measure MERGED_CLOSES =
            count("server.merged", "connections", HIGHER, "closes where the server's ACK and FIN share a segment");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int count = trial.knob(CONNECTIONS);
        var listener = trial.listener(8);
        trial.step("the client closes, then the server");
        List<ClosingSegments> closes = new ArrayList<>();
        int opened = 0;
        // At most ten times as many connections are opened, until enough were closed in time.
        while (closes.size() < count && opened < 10 * count) {
            opened++;
            ClosingSegments close = ClosingSegments.of(trial, trial.open(listener), trial.faulty());
            if (!trial.faulty() || (close.secondsUntil(close.serversFin()) <= IN_TIME && close.undisturbed())) {
                closes.add(close);
            }
        }
        trial.step("the client closes, and the server waits");
        ClosingSegments late = ClosingSegments.of(trial, trial.open(listener), false);
        int all = opened + 1;
        long merged = closes.stream().filter(ClosingSegments::merged).count();
        trial.measure(MERGED_CLOSES, merged);
        String tooFew = "the server closed %d connections of %d in time".formatted(closes.size(), count);
        trial.observe(THREE, equalTo(count), ifInTime(closes.size() == count, tooFew, merged));
        trial.observe(FOUR, equalTo("FIN-ACK, ACK, FIN-ACK, ACK"), late.names());
        // The wire sees no segment early, but on a busy machine late.
        long delay = Math.round(1000 * late.secondsUntil(late.serversAck()));
        String delayed = "the wire saw the ACK after %d ms".formatted(delay);
        trial.observe(DELAYED, between(25, LATEST), ifInTime(delay <= LATEST, delayed, delay));
        var client = trial.client().awaitCount(all, TIME_WAIT);
        trial.observe(ALL_WAIT, equalTo(all), client.count(TIME_WAIT));
        var server = trial.server().awaitOnly(LISTEN);
        trial.observe(NOTHING_LEFT, equalTo(0), server.besides(LISTEN));
    }
}
