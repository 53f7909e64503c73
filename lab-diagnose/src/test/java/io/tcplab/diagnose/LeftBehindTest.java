package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left of servers and connections: listeners that nobody attends to, minisockets on a server's port, and ports that are held. */
class LeftBehindTest {
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    /** By which {@link Looks} has processes hold sockets. */
    private static final int FD = 5;

    private static final int EPOLL = 4;
    private static final int IN = 0x1;

    /** A port that connect() may choose, in {@link Looks}'s range. */
    private static final int CHOSEN = 40_002;

    /** A child that has inherited it, and does something else. */
    @Test
    void aListenerForWhichNobodyWaits() {
        assertThat(attended(SystemCall.SLEEP, Map.of()))
                .anyMatch(line -> line.contains("the listener 0.0.0.0:8080, fd 5 of 7 (server)")
                        && line.contains("nobody waits for connections there"));
    }

    @Test
    void whoWaitsInAcceptOrALoopAttends() {
        assertThat(attended(SystemCall.ACCEPT, Map.of())).isEmpty();
        assertThat(attended(SystemCall.POLL, Map.of())).isEmpty();
        assertThat(attended(SystemCall.SLEEP, Map.of(FD, List.of(new Epoll.Watch(EPOLL, FD, IN, LISTENER.inode())))))
                .as("an epoll of it watches it, and its thread is with a handler")
                .isEmpty();
    }

    @Test
    void whoRunsMayBeAboutToAccept() {
        assertThat(observations(process(TaskState.RUNNING, -1, Map.of()))).isEmpty();
    }

    /** Several connections had this port at once: connect() gives it to one for each destination, and these peers chose theirs. */
    @Test
    void severalMinisocketsOfOnePortAreAServers() {
        Diagnosis diagnosis = asked(minisocket(1, 40_101), minisocket(2, 40_102));
        Looks.assertOnlyObserves(diagnosis, "nobody listens on port 40002; 2 in FIN_WAIT_2 are left on it");
        assertThat(Looks.causes(asked(minisocket(1, 40_101))))
                .as("one may be a client's")
                .containsExactly("port-taken");
    }

    @Test
    void clientsThatShareAPortLeadToServersPorts() {
        assertThat(Looks.causes(asked(minisocket(1, 443), minisocket(2, 5432)))).containsExactly("port-taken");
    }

    @Test
    void whatIsLeftOfASelfConnectionIsTold() {
        SocketRow left = Sockets.opened(TIME_WAIT, 2, 0)
                .endpoints("127.0.0.1", CHOSEN, "127.0.0.1", CHOSEN)
                .minisocket(42_000)
                .row();
        Diagnosis diagnosis = asked(left);
        Looks.assertOnlyObserves(
                diagnosis, "self-connected (certain): 127.0.0.1:40002 was connected to itself", "42 s");
    }

    /** Its listener has one address, a client's connection the port of another one. */
    @Test
    void aClientOnTheServersPortOfAnotherAddressIsTold() {
        SocketRow listener = Sockets.listener("127.0.0.1", 11, 0, 128);
        SocketRow client = Sockets.opened(ESTABLISHED, 2, 10)
                .endpoints("10.0.0.1", Sockets.PORT, "10.0.0.2", 5432)
                .activity(new Activity(10, 10, 10, 101, 100, 0, 65_535, 65_535, 204_000, 0, 7, 1))
                .row();
        assertThat(beside(listener, client))
                .anyMatch(line -> line.startsWith("nobody listens on port 8080 of 10.0.0.1")
                        && line.contains("to 10.0.0.2:5432")
                        && line.contains("fd 5 of 7"));
        assertThat(beside(LISTENER, client)).as("it has all addresses").isEmpty();
    }

    private static List<String> beside(SocketRow listener, SocketRow client) {
        return new Looks()
                .scope(new Scope.OnPort(Sockets.PORT))
                .holders(client, Looks.PID)
                .after(Duration.ZERO, List.of(listener, client))
                .after(Duration.ofSeconds(5), List.of(listener, client))
                .diagnosis()
                .observations();
    }

    private static SocketRow minisocket(int number, int peerPort) {
        return Sockets.opened(FIN_WAIT2, number, 0)
                .endpoints("10.0.0.1", CHOSEN, "10.0.0." + (2 + number), peerPort)
                .minisocket(50_000)
                .row();
    }

    private static Diagnosis asked(SocketRow... sockets) {
        return new Looks()
                .scope(new Scope.OnPort(CHOSEN))
                .after(Duration.ZERO, List.of(sockets))
                .after(Duration.ofSeconds(5), List.of(sockets))
                .diagnosis();
    }

    private static List<String> attended(SystemCall call, Map<Integer, List<Epoll.Watch>> watches) {
        int number = IntStream.range(0, 500)
                .filter(candidate -> thread(TaskState.SLEEPING, candidate).waitsIn(call))
                .findFirst()
                .orElseThrow();
        return observations(process(TaskState.SLEEPING, number, watches));
    }

    private static List<String> observations(ProcessSample process) {
        Diagnosis diagnosis = new Looks()
                .holders(LISTENER, Looks.PID)
                .process(process)
                .after(Duration.ZERO, List.of(LISTENER))
                .after(Duration.ofSeconds(5), List.of(LISTENER))
                .diagnosis();
        assertThat(diagnosis.findings()).isEmpty();
        return diagnosis.observations();
    }

    private static ProcessSample process(TaskState state, int call, Map<Integer, List<Epoll.Watch>> watches) {
        ThreadCall thread = thread(state, call);
        return new ProcessSample(thread.stat(), List.of(thread), Optional.of(watches), Optional.empty());
    }

    private static ThreadCall thread(TaskState state, int call) {
        return new ThreadCall(new ProcessStat(Looks.PID, "server", state, 1, 0, 0), call, 0);
    }
}
