package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A connect() that comes before any TIME_WAIT is old enough to be reused. */
final class ReuseTooSoon extends Vocabulary {
    static final String DELAY = "net.ipv4.tcp_tw_reuse_delay";

    /** More than this machine takes to be too soon. */
    private static final Duration LONG_DELAY = Duration.ofSeconds(5);

    private static final long A_SECOND = Duration.ofSeconds(1).toNanos();

    /** And more than one. */
    private static final long A_TICK = Duration.ofMillis(100).toNanos();

    private static final String NEXT_SECOND = "this kernel has no " + DELAY
            + " (it came with Linux 6.14): a TIME_WAIT can be had from the clock's next full second on";

    private ReuseTooSoon() {}

    /** Tries while none is older than the delay; where the kernel lets it be set, there is time for that. */
    static void observe(Trial trial, Expectation tooSoon, Socket listener, FilledPorts ports)
            throws InterruptedException {
        Host client = trial.client();
        String usual = client.sysctlOrError(DELAY);
        if (usual.equals("ENOENT")) {
            withinOneSecond(trial, tooSoon, listener, ports);
            return;
        }
        client.setSysctl(DELAY, Long.toString(LONG_DELAY.toMillis()));
        ports.leave(listener, CLIENT);
        String early = tryConnect(client.socket(), listener);
        Stream<Duration> ages = client.census().in(TIME_WAIT).stream().map(Vocabulary::timeWaitAge);
        Duration oldest = ages.max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        boolean inTime = !early.equals(OK) || oldest.compareTo(LONG_DELAY) < 0;
        String late = "the oldest TIME_WAIT was %d ms old".formatted(oldest.toMillis());
        trial.observe(tooSoon, equalTo("EADDRNOTAVAIL"), ifInTime(inTime, late, early));
        client.setSysctl(DELAY, usual);
    }

    /**
     * Kernels before 6.14 compare whole seconds of the clock, which is System.nanoTime's (tcp_twsk_unique: time_after32 of
     * ktime_get_seconds and tw_ts_recent_stamp): all is done within one, or says nothing.
     */
    private static void withinOneSecond(Trial trial, Expectation tooSoon, Socket listener, FilledPorts ports)
            throws InterruptedException {
        List<Connection> open = ports.open(listener);
        // A bit later: the kernel counts its seconds by the timer tick.
        TimeUnit.NANOSECONDS.sleep(A_SECOND - System.nanoTime() % A_SECOND + A_TICK);
        long second = System.nanoTime() / A_SECOND;
        ports.close(open, listener, CLIENT);
        String early = tryConnect(trial.client().socket(), listener);
        boolean inTime = System.nanoTime() / A_SECOND == second || !early.equals(OK);
        String late = "the clock's second was over before it could be tried";
        trial.observe(tooSoon, equalTo("EADDRNOTAVAIL").differing(NEXT_SECOND), ifInTime(inTime, late, early));
    }
}
