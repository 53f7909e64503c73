package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.*;
import java.util.List;
import java.util.function.Predicate;

/** Both ends close before either has the other's FIN: both pass through CLOSING, and both have TIME_WAIT. */
public final class SimultaneousClose extends AbstractExperiment {
    public SimultaneousClose() {
        super("simultaneous-close", """
                The side that closes first gets TIME_WAIT, but both sides can be first. When the FINs cross, each end is
                in FIN_WAIT_1 and gets a FIN that doesn't acknowledge its own. It goes to CLOSING, acknowledges, and
                goes to TIME_WAIT when its own FIN is acknowledged (RFC 9293, section 3.6, figure 13; tcp_fin and
                tcp_rcv_state_process in net/ipv4/tcp_input.c). Neither end is ever in CLOSE_WAIT or LAST_ACK.

                It happens if both ends have the same idle timeout, or learn of a shutdown at the same time. Then
                servers have TIME_WAIT although their clients close too. CLOSING itself lasts only as long as a segment
                is in flight: many of them mean that ACKs are lost.""");
        headline("both ends close at the same time: CLOSING on both, and TIME_WAIT on both");
        fault("the wire holds the FINs until both ends have closed");
        control("the server closes when it has read EOF");
        wire();
        transitions();
        descriptors(CONNECTIONS, 2, 40);
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 5, 1, 500, "connections that both ends close");

    final Expectation FIN_WAIT =
            deciding(SERVER, SOCK_DIAG, "before the FINs arrive, the server is in FIN_WAIT_1: it closed first too");
    final Expectation BOTH_WAIT =
            deciding(SERVER, SOCK_DIAG, "the server has TIME_WAIT for each connection, like a side that closes first");
    final Expectation SO_DOES_CLIENT = supporting(CLIENT, SOCK_DIAG, "so has the client, for the same connections");
    final Expectation CROSSED =
            deciding(SERVER, SEGMENTS, "this many of the server's FINs acknowledge the client's FIN");
    final Expectation CLOSING_SEEN = supporting(
            CLIENT, TRANSITIONS, "the sockets of both ends went from FIN_WAIT_1 to CLOSING, none to CLOSE_WAIT");

    final Measure SERVERS = sockets(SERVER, TIME_WAIT, NEITHER, "when both ends have closed");
    final Measure CLIENTS = sockets(CLIENT, TIME_WAIT, NEITHER, "when both ends have closed");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        List<Connection> connections = trial.open(trial.listener(8), n);
        trial.step("both ends close");
        if (trial.faulty()) {
            closeAtOnce(trial, connections);
        } else {
            for (Connection connection : connections) {
                connection.closeFrom(CLIENT);
            }
            trial.observe(FIN_WAIT, equalTo(n), trial.server().count(FIN_WAIT1));
        }
        var client = trial.client().awaitOnly(TIME_WAIT, LISTEN);
        var server = trial.server().awaitOnly(TIME_WAIT, LISTEN);
        List<WireSegment> segments = trial.segments();
        trial.measure(SERVERS, server.count(TIME_WAIT));
        trial.measure(CLIENTS, client.count(TIME_WAIT));
        trial.observe(BOTH_WAIT, equalTo(n), server.count(TIME_WAIT));
        trial.observe(SO_DOES_CLIENT, equalTo(n), client.count(TIME_WAIT));
        trial.observe(CROSSED, equalTo(0), () -> OnTheWire.finsThatAcknowledge(segments));
        Predicate<Transition> toClosing = one -> one.from() == FIN_WAIT1 && one.to() == CLOSING;
        trial.observe(
                CLOSING_SEEN,
                equalTo(2L * n),
                () -> trial.transitions().stream().filter(toClosing).count());
    }

    private void closeAtOnce(Trial trial, List<Connection> all) throws InterruptedException {
        // One rule for both ways: released one after the other, the first FIN's ACK could outrun the second FIN.
        var held = trial.hold("FIN held", Match.anyDirection().with(TcpFlag.FIN));
        for (Connection connection : all) {
            int client = connection.port();
            int server = connection.server().port();
            connection.client().close();
            connection.server().close();
            OnTheWire.require(trial.wire(), one -> OnTheWire.isFin(one, client, server), "the client's FIN");
            OnTheWire.require(trial.wire(), one -> OnTheWire.isFin(one, server, client), "the server's FIN");
        }
        OnTheWire.requireMatched(held, 2L * all.size());
        trial.observe(FIN_WAIT, equalTo(all.size()), trial.server().count(FIN_WAIT1));
        held.release();
    }
}
