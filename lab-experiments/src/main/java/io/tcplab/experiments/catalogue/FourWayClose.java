package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.TRANSITIONS;
import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.StatePaths;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.transitions.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The orderly close, stage by stage, whichever side begins: who closes first goes one way, the other the other. */
public final class FourWayClose implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String FIRST_PATH = StatePaths.path(ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE);
    private static final String SECOND_PATH = StatePaths.path(ESTABLISHED, CLOSE_WAIT, LAST_ACK, CLOSE);

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 10, 1, 1_000, "connections that are opened and closed");
    private static final Knob<Role> CLOSER = Knob.choice("closer", CLIENT, "which side closes first");

    private static final Measure CLIENTS =
            Measure.sockets(CLIENT, TIME_WAIT, Better.NEITHER, "when both sides have closed");
    private static final Measure SERVERS =
            Measure.sockets(SERVER, TIME_WAIT, Better.NEITHER, "when both sides have closed");

    @Override
    public Story story() {
        return new Story(
                "four-way-close",
                "who closes first passes FIN_WAIT_1, FIN_WAIT_2 and TIME_WAIT, the other CLOSE_WAIT and LAST_ACK",
                """
                A connection is two streams, and each ends by a FIN that the other side acknowledges: four segments. The
                states say how far that has come (RFC 9293, section 3.6). The side that closes first waits for the
                acknowledgement of its FIN (FIN_WAIT_1), then for the other's FIN (FIN_WAIT_2), and stays a minute in
                TIME_WAIT. The other side has read EOF and hasn't closed (CLOSE_WAIT), then has closed and waits for the
                acknowledgement of its own FIN (LAST_ACK), and is gone.

                Neither way belongs to clients or servers: closer=server shows the same, mirrored. The run holds the
                close halfway, where the other side hasn't closed yet: FIN_WAIT_2 faces CLOSE_WAIT, and each lasts as
                long as the other. FIN_WAIT_1 and LAST_ACK last one round trip, and only the kernel's own record of
                state changes shows them. TIME_WAIT isn't in that record: the kernel puts a smaller socket in the place
                of the closed one (tcp_time_wait), which sock_diag shows.\
                """,
                "one side closes, then the other",
                "one side aborts the connection by RST, which passes none of these states",
                List.of("net.ipv4.tcp_fin_timeout"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, CLOSER);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        Role first = knobs.get(CLOSER);
        return List.of(firstWaits(first), secondWaits(first), timeWait(first), secondIsGone(first), paths(first));
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withTimeWaitKept().withTransitions();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(CLIENTS, SERVERS);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Role first = trial.knob(CLOSER);
        Host closer = host(trial, first);
        Host other = host(trial, other(first));
        List<Connection> connections = open(trial, n);

        trial.step("the %s closes".formatted(first.label()));
        connections.forEach(connection -> leave(trial, end(connection, first)));
        Census firstWaiting = closer.await(census -> census.count(ESTABLISHED) + census.count(FIN_WAIT1) == 0, SOON);
        Census secondWaiting = other.await(census -> census.count(ESTABLISHED) == 0, SOON);
        trial.observe(firstWaits(first), equalTo(n), () -> (long) firstWaiting.count(FIN_WAIT2));
        trial.observe(secondWaits(first), equalTo(n), () -> (long) secondWaiting.count(CLOSE_WAIT));

        trial.step("the %s closes".formatted(other(first).label()));
        connections.forEach(connection -> end(connection, other(first)).close());
        Census secondLeft = other.await(census -> census.count(CLOSE_WAIT) + census.count(LAST_ACK) == 0, SOON);
        Census firstLeft = closer.await(census -> census.count(FIN_WAIT2) == 0, SOON);
        trial.measure(CLIENTS, trial.client().census().count(TIME_WAIT));
        trial.measure(SERVERS, trial.server().census().count(TIME_WAIT));
        trial.observe(timeWait(first), equalTo(n), () -> (long) firstLeft.count(TIME_WAIT));
        trial.observe(
                secondIsGone(first),
                equalTo(0),
                () -> (long) secondLeft.sockets().size() - secondLeft.count(LISTEN));
        trial.observe(paths(first), equalTo("%d and %d".formatted(n, n)), () -> pathsTaken(trial, closer, other));
    }

    private static String pathsTaken(Trial trial, Host closer, Host other) {
        List<Transition> transitions = trial.transitions();
        return "%d and %d"
                .formatted(
                        StatePaths.ending(transitions, closer.addresses(), FIRST_PATH),
                        StatePaths.ending(transitions, other.addresses(), SECOND_PATH));
    }

    private static List<Connection> open(Trial trial, int count) throws InterruptedException {
        trial.step("%d connections are opened".formatted(count));
        Socket listener = Connection.listener(trial.server(), count);
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(Connection.open(trial.client(), listener));
        }
        return connections;
    }

    private static void leave(Trial trial, Socket socket) {
        if (trial.faulty()) {
            socket.close();
        } else {
            Connection.reset(socket);
        }
    }

    private static Expectation firstWaits(Role first) {
        return deciding(
                first, SOCK_DIAG, "who closed first is in FIN_WAIT_2: its FIN was acknowledged, none came back");
    }

    private static Expectation secondWaits(Role first) {
        return deciding(other(first), SOCK_DIAG, "the other side is in CLOSE_WAIT until it closes, too");
    }

    private static Expectation timeWait(Role first) {
        return deciding(first, SOCK_DIAG, "when it has, who closed first is in TIME_WAIT");
    }

    private static Expectation secondIsGone(Role first) {
        return supporting(other(first), SOCK_DIAG, "the other side has nothing left, no TIME_WAIT either");
    }

    static Expectation paths(Role first) {
        return supporting(
                first,
                TRANSITIONS,
                "who closed first went %s (TIME_WAIT in its place), the other %s".formatted(FIRST_PATH, SECOND_PATH));
    }

    private static Host host(Trial trial, Role role) {
        return switch (role) {
            case CLIENT -> trial.client();
            case SERVER -> trial.server();
        };
    }

    private static Socket end(Connection connection, Role role) {
        return switch (role) {
            case CLIENT -> connection.client();
            case SERVER -> connection.server();
        };
    }

    private static Role other(Role role) {
        return role == CLIENT ? SERVER : CLIENT;
    }
}
