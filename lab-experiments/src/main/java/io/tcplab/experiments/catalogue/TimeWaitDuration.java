package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.notBefore;
import static io.tcplab.experiments.Expected.seconds;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.SYSCTL;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
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
import io.tcplab.kernel.sockets.SocketQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** TIME_WAIT lasts a minute, whatever tcp_fin_timeout says: it is a constant of the kernel. */
public final class TimeWaitDuration implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(75);
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h, in seconds. */
    private static final double TIMEWAIT_LEN = 60;

    private static final double SHORTEST = 0.97 * TIMEWAIT_LEN;
    private static final double LONGEST = 66;

    private static final Knob<Integer> SHORT =
            Knob.integer("fin-timeout", 5, 1, 20, "the tcp_fin_timeout under which the end is waited for, in seconds");
    private static final List<Integer> OTHERS = List.of(30, 60, 120);

    static final Expectation TIMERS =
            deciding(CLIENT, SOCK_DIAG, "under each tcp_fin_timeout the timer of the client that closed is 60 s");
    static final Expectation ENDS =
            deciding(CLIENT, SOCK_DIAG, "under the shortest it is there for 60 s, in TIME_WAIT");
    static final Expectation APPLIED = supporting(CLIENT, SYSCTL, "and tcp_fin_timeout was what it should be");
    static final Expectation PEER_GONE =
            supporting(SERVER, SOCK_DIAG, "the server, which closed second, has no TIME_WAIT");

    /** The client's end of a connection that it has closed, and the moments just before that and after. */
    private record Closed(SocketQuery query, long atNanos, long sentNanos) {}

    /** Seconds by which its timer may be later than a minute, as it is looked at. */
    private static final double LATE = 1;

    private static final Measure TIMER = Measure.timer(
            "client.TIME_WAIT.timer", Better.NEITHER, "how long TIME_WAIT is to last, by the kernel's timer");

    @Override
    public Story story() {
        return new Story(
                "time-wait-duration",
                "TIME_WAIT lasts 60 s: neither 2 MSL by any setting, nor tcp_fin_timeout",
                """
                RFC 9293 wants TIME_WAIT to last two maximum segment lifetimes, four minutes by its figures. Linux has
                one constant for it, TCP_TIMEWAIT_LEN, 60 seconds (tcp_time_wait sets the timer to it whatever it was
                given). No sysctl changes it; not tcp_fin_timeout, the one that is most often named. The timers that
                sock_diag shows say so at once, for several settings, and the end of one is waited for.

                What tcp_fin_timeout does end is FIN_WAIT_2, and the control shows it under the same settings: its
                servers don't close. Where TIME_WAIT really is in the way, look at time-wait-port, time-wait-reuse and
                port-exhaustion.""",
                "the server closes too, which brings the client to TIME_WAIT",
                "the server doesn't close, which leaves the client in FIN_WAIT_2",
                List.of(FIN_TIMEOUT));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SHORT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(TIMERS, ENDS, APPLIED, PEER_GONE);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain()
                .withTimeWaitKept()
                .with(CLIENT, FIN_TIMEOUT, knobs.get(SHORT).toString());
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(100);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(62);
    }

    @Override
    public List<Measure> measures() {
        return List.of(TIMER);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client closes");
        Lasted timer = timer(trial, close(trial, Connection.listener(trial.server(), 8)));
        trial.measure(TIMER, timer::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), 8);
        trial.step("clients close under different settings of tcp_fin_timeout");
        Closed first = close(trial, listener);
        timers(trial, listener, first);
        trial.step("waiting for the first to end");
        Lasted lasted = Lasted.await(
                trial.client(),
                first.query(),
                census -> census.sockets().isEmpty(),
                first.atNanos(),
                first.sentNanos(),
                PATIENCE);
        // 60 s are up to 64: a timer that far off is rounded up to the step of its wheel (kernel/time/timer.c).
        trial.observe(ENDS, seconds(SHORTEST, LONGEST), () -> lasted.against(SHORTEST, LONGEST));
    }

    private static void timers(Trial trial, Socket listener, Closed first) throws InterruptedException {
        List<String> applied = new ArrayList<>();
        List<Lasted> timers = new ArrayList<>();
        timers.add(timer(trial, first));
        applied.add(trial.client().sysctl(FIN_TIMEOUT));
        for (int finTimeout : OTHERS) {
            trial.client().setSysctl(FIN_TIMEOUT, Integer.toString(finTimeout));
            timers.add(timer(trial, close(trial, listener)));
            applied.add(trial.client().sysctl(FIN_TIMEOUT));
        }
        List<Double> minutes = Collections.nCopies(timers.size(), TIMEWAIT_LEN);
        trial.observe(TIMERS, notBefore(minutes, LATE), () -> Lasted.against(timers, minutes, LATE));
        trial.observe(APPLIED, equalTo("%d 30 60 120".formatted(trial.knob(SHORT))), () -> String.join(" ", applied));
        trial.observe(
                PEER_GONE, equalTo(0), () -> (long) trial.server().census().count(TIME_WAIT));
    }

    private static Closed close(Trial trial, Socket listener) throws InterruptedException {
        Connection connection = Connection.open(trial.client(), listener);
        int port = connection.client().local().getPort();
        long before = System.nanoTime();
        if (trial.faulty()) {
            connection.closeFrom(CLIENT);
            return new Closed(SocketQuery.ofStates(TIME_WAIT).withLocalPort(port), before, System.nanoTime());
        }
        connection.client().close();
        return new Closed(SocketQuery.ofStates(FIN_WAIT2).withLocalPort(port), before, System.nanoTime());
    }

    /** From its close to the end of its timer. */
    private static Lasted timer(Trial trial, Closed closed) throws InterruptedException {
        return Lasted.byTimer(trial.client(), closed.query(), closed.atNanos(), closed.sentNanos(), SOON);
    }
}
