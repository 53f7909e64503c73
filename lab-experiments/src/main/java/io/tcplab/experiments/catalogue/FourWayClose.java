package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import java.util.List;
import java.util.function.Consumer;

/** The orderly close, stage by stage: the states of the side that closes first, and of the other side. */
public final class FourWayClose extends AbstractExperiment {
    private static final String FIRST_PATH = StatePaths.path(ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE);
    private static final String SECOND_PATH = StatePaths.path(ESTABLISHED, CLOSE_WAIT, LAST_ACK, CLOSE);

    public FourWayClose() {
        super("four-way-close", """
                A connection is two streams, and each ends by a FIN that the other side acknowledges: four segments. The
                states say how far that has come (RFC 9293, section 3.6). The side that closes first waits for the
                acknowledgement of its FIN (FIN_WAIT_1), then for the other's FIN (FIN_WAIT_2), and stays a minute in
                TIME_WAIT. The other side has read EOF and hasn't closed (CLOSE_WAIT), then has closed and waits for the
                acknowledgement of its own FIN (LAST_ACK), and is gone.

                Either side may be the client or the server: closer=server shows the same, mirrored. The run pauses
                halfway, before the other side closes: FIN_WAIT_2 on one side and CLOSE_WAIT on the other last equally
                long. FIN_WAIT_1 and LAST_ACK last one round trip, and only the kernel's own record of state changes
                shows them. TIME_WAIT isn't in that record: the kernel replaces the closed socket with a minisocket
                (tcp_time_wait), which sock_diag shows.""");
        headline("the side that closes first goes through FIN_WAIT_1, FIN_WAIT_2 and TIME_WAIT, the other through"
                + " CLOSE_WAIT and LAST_ACK");
        fault("one side closes, then the other");
        control("one side aborts the connection with RST, which skips all these states");
        sysctls("net.ipv4.tcp_fin_timeout");
        timeWaitKept();
        transitions();
        descriptors(CONNECTIONS, 2, 20);
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 10, 1, 1_000, "connections that are opened and closed");
    final Knob<Role> CLOSER = choice("closer", CLIENT, "which side closes first");

    // As they are where the client closes first.
    final Expectation FIRST_WAITS = deciding(
            CLIENT, SOCK_DIAG, "the side that closed first is in FIN_WAIT_2: its FIN was acknowledged, none came back");
    final Expectation SECOND_WAITS = deciding(SERVER, SOCK_DIAG, "the other side is in CLOSE_WAIT until it closes too");
    final Expectation TIME_WAITS = deciding(CLIENT, SOCK_DIAG, "then the side that closed first is in TIME_WAIT");
    final Expectation SECOND_IS_GONE =
            supporting(SERVER, SOCK_DIAG, "the other side has no socket left, not even TIME_WAIT");
    final Expectation PATHS = supporting(CLIENT, TRANSITIONS, """
            the side that closed first went through %s (replaced by TIME_WAIT), the other through %s""".formatted(FIRST_PATH, SECOND_PATH));

    final Measure CLIENTS = sockets(CLIENT, TIME_WAIT, NEITHER, "when both sides have closed");
    final Measure SERVERS = sockets(SERVER, TIME_WAIT, NEITHER, "when both sides have closed");

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return super.expectations(knobs).stream()
                .map(one -> one.seenFrom(knobs.get(CLOSER)))
                .toList();
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Role first = trial.knob(CLOSER);
        var closer = trial.host(first);
        var other = trial.host(first.other());
        Consumer<Socket> leave = trial.faulty() ? Socket::close : Connection::reset;
        trial.step("%d connections are opened".formatted(n));
        List<Connection> connections = trial.open(trial.listener(n), n);

        trial.step("the %s closes".formatted(first.label()));
        connections.forEach(connection -> leave.accept(connection.end(first)));
        var firstWaiting = closer.awaitNone(ESTABLISHED, FIN_WAIT1);
        var secondWaiting = other.awaitNone(ESTABLISHED);
        trial.observe(FIRST_WAITS.seenFrom(first), equalTo(n), firstWaiting.count(FIN_WAIT2));
        trial.observe(SECOND_WAITS.seenFrom(first), equalTo(n), secondWaiting.count(CLOSE_WAIT));

        trial.step("the %s closes".formatted(first.other().label()));
        connections.forEach(connection -> connection.end(first.other()).close());
        var secondLeft = other.awaitNone(CLOSE_WAIT, LAST_ACK);
        var firstLeft = closer.awaitNone(FIN_WAIT2);
        trial.measure(CLIENTS, trial.client().count(TIME_WAIT));
        trial.measure(SERVERS, trial.server().count(TIME_WAIT));
        trial.observe(TIME_WAITS.seenFrom(first), equalTo(n), firstLeft.count(TIME_WAIT));
        trial.observe(SECOND_IS_GONE.seenFrom(first), equalTo(0), secondLeft.besides(LISTEN));
        trial.observe(
                PATHS.seenFrom(first),
                equalTo("%d and %d".formatted(n, n)),
                () -> "%d and %d".formatted(trial.ending(first, FIRST_PATH), trial.ending(first.other(), SECOND_PATH)));
    }
}
