package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** TIME_WAIT lasts a minute, whatever tcp_fin_timeout says: it is a constant of the kernel. */
public final class TimeWaitDuration extends AbstractExperiment {
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    /** Seconds by which its timer may be later than a minute, as it is looked at. */
    private static final double LATE = 1;

    public TimeWaitDuration() {
        super("time-wait-duration", """
                RFC 9293 asks for a TIME_WAIT of two maximum segment lifetimes, four minutes by its figures. Linux has
                one constant for it, TCP_TIMEWAIT_LEN, 60 seconds (tcp_time_wait sets the timer to it whatever it was
                given). No sysctl changes it, and tcp_fin_timeout, which articles usually name, doesn't either. The run
                compares the timers that sock_diag shows under several settings, and waits for one to end.

                tcp_fin_timeout ends FIN_WAIT_2, which the control shows under the same settings: its servers don't
                close. If TIME_WAIT really is in your way, look at time-wait-port, time-wait-reuse and port-exhaustion.""");
        headline("TIME_WAIT lasts 60 s: not 2 MSL, and not tcp_fin_timeout");
        fault("the server closes too, which brings the client to TIME_WAIT");
        control("the server doesn't close, which leaves the client in FIN_WAIT_2");
        timeWaitKept();
        set(CLIENT, FIN_TIMEOUT, SHORT);
        descriptors(100);
        takes(62);
        takesToMeasure(1);
    }

    final Knob<Integer> SHORT =
            integer("fin-timeout", 5, 1, 20, "the tcp_fin_timeout under which the run waits for the end, in seconds");

    final Expectation TIMERS =
            deciding(CLIENT, SOCK_DIAG, "under each tcp_fin_timeout, the closed client's timer is 60 s");
    final Expectation ENDS =
            deciding(CLIENT, SOCK_DIAG, "under the shortest tcp_fin_timeout, TIME_WAIT still lasts 60 s");
    final Expectation APPLIED = supporting(CLIENT, SYSCTL, "tcp_fin_timeout really had these values");
    final Expectation PEER_GONE = supporting(SERVER, SOCK_DIAG, "the server, which closed second, has no TIME_WAIT");

    final Measure TIMER =
            timer("client.TIME_WAIT.timer", NEITHER, "how long TIME_WAIT will last, by the kernel's timer");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client closes");
        Lasted timer = close(trial, trial.listener(8)).byTimer();
        trial.measure(TIMER, timer::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket listener = trial.listener(8);
        trial.step("clients close under different settings of tcp_fin_timeout");
        Leaving first = close(trial, listener);
        List<Lasted> timers = new ArrayList<>(List.of(first.byTimer()));
        List<String> applied = new ArrayList<>(List.of(trial.client().sysctl(FIN_TIMEOUT)));
        for (String finTimeout : List.of("30", "60", "120")) {
            trial.client().setSysctl(FIN_TIMEOUT, finTimeout);
            timers.add(close(trial, listener).byTimer());
            applied.add(trial.client().sysctl(FIN_TIMEOUT));
        }
        Lasted.observe(trial, TIMERS, timers, Collections.nCopies(4, 60.0), LATE);
        trial.observe(APPLIED, equalTo(trial.knob(SHORT) + " 30 60 120"), String.join(" ", applied));
        trial.observe(PEER_GONE, equalTo(0), () -> trial.server().count(TIME_WAIT));

        trial.step("waiting for the first to end");
        Lasted lasted = first.await(Duration.ofSeconds(75));
        lasted.observe(trial, ENDS, SHORTEST_TIME_WAIT, LONGEST_TIME_WAIT);
    }

    /** The client closes, and so does the server, if it is the fault. */
    private static Leaving close(Trial trial, Socket listener) throws InterruptedException {
        var connection = trial.open(listener);
        return trial.faulty()
                ? Leaving.after(() -> connection.closeFrom(CLIENT), trial.client(), TIME_WAIT, connection.port())
                : Leaving.after(connection.client()::close, trial.client(), FIN_WAIT2, connection.port());
    }
}
