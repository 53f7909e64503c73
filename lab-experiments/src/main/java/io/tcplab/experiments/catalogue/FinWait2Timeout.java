package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.catalogue.Departures.Leaving;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.SocketQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How long FIN_WAIT_2 lasts: tcp_fin_timeout if no process holds the socket, and something else above 60 s. */
public final class FinWait2Timeout extends AbstractExperiment {
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";
    private static final int CONNECTIONS = 8;

    /** How much later than its timer an end may be seen, in seconds. */
    private static final double LATE = 1.5;

    /** Seconds by which its timer may be later than its sysctl says, as it is looked at. */
    private static final double TIMER_LATE = 0.5;

    public FinWait2Timeout() {
        super("fin-wait2-timeout", """
                A client has closed, the server has acknowledged the FIN and doesn't close: FIN_WAIT_2. If the client
                called close(), nobody can read what might still arrive, so the kernel waits for the server's FIN for at
                most net.ipv4.tcp_fin_timeout. Contrary to what many lists of sysctls say, this has nothing to do with
                TIME_WAIT. If the client only called shutdown(), to keep reading, there is no timeout at all.

                Up to 60 s, the kernel replaces the socket with a minisocket that has this timer (tcp_time_wait). A
                minisocket lives 60 s at most. Above that, the kernel keeps the full socket for tcp_fin_timeout - 60 s,
                and then a minisocket for another tcp_fin_timeout - 60 s, not for 60 s (tcp_keepalive_timer). So 61
                means 2 seconds, and 90 means 60. TCP_LINGER2 is the same for one socket; if it is negative, the
                connection is reset as soon as its FIN is acknowledged.""");
        headline("tcp_fin_timeout ends FIN_WAIT_2, not TIME_WAIT, and only if no process holds the socket");
        fault("the client calls close()");
        control("the client calls shutdown(SHUT_WR) and keeps the socket");
        sysctls(FIN_TIMEOUT, "net.ipv4.tcp_max_orphans");
        set(CLIENT, FIN_TIMEOUT, "60");
        descriptors(100);
        takes(knobs -> Duration.ofSeconds(knobs.get(SHORT) + 6L));
        takesToMeasure(1);
    }

    final Knob<Integer> SHORT =
            integer("fin-timeout", 5, 3, 60, "the longest tcp_fin_timeout that the run waits for, in seconds");

    final Expectation TIMERS = deciding(
            CLIENT, SOCK_DIAG, "FIN_WAIT_2's timer is tcp_fin_timeout, in seconds, as set when the client closed");
    final Expectation TIMERS_ABOVE_60 =
            deciding(CLIENT, SOCK_DIAG, "above 60 s, the timer is tcp_fin_timeout - 60 s: the first of two halves");
    final Expectation ENDS = deciding(
            CLIENT,
            SOCK_DIAG,
            "FIN_WAIT_2 ends with its timer; 61 s ends after 2 s, 90 s after 60 s: there is a second half");
    final Expectation OWN_TIMEOUT =
            deciding(CLIENT, SOCK_DIAG, "TCP_LINGER2 sets it for one socket, whatever tcp_fin_timeout says");
    final Expectation NONE = deciding(
            CLIENT,
            SOCK_DIAG,
            "with a negative TCP_LINGER2 there is no FIN_WAIT_2: the client sends RST once its FIN is acknowledged");
    final Expectation PEER_STAYS = supporting(SERVER, SOCK_DIAG, "the peers that weren't reset stay in CLOSE_WAIT");

    final Measure TIMER = timer(
            "client.FIN_WAIT_2.timer",
            NEITHER,
            "how long FIN_WAIT_2 will last, by the kernel's timer (above 60 s: its first half)");

    /** A connection whose client has sent its FIN, and how long FIN_WAIT_2 is to last, by its timer. */
    private record Closed(Leaving leaving, Lasted byTimer) {}

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client closes");
        Socket client = trial.open(trial.listener(CONNECTIONS)).client();
        Lasted timer = close(trial, client, 0).byTimer();
        trial.measure(TIMER, timer::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket listener = trial.listener(CONNECTIONS);
        int longest = trial.knob(SHORT);
        trial.step("clients close under different settings of tcp_fin_timeout");
        Closed thirty = close(trial, listener, 30, 0);
        Closed sixty = close(trial, listener, 60, 0);
        Closed own = close(trial, listener, 60, 3);
        Closed forgotten = close(trial, listener, 60, -1);
        Closed waitedFor = close(trial, listener, longest, 0);
        Closed two = close(trial, listener, 2, 0);
        Closed sixtyOne = close(trial, listener, 61, 0);

        Departures departures = departures(trial, two, sixtyOne, thirty, waitedFor);
        List<Lasted> ends = new ArrayList<>(List.of(end(departures, two, 2), end(departures, sixtyOne, 2)));
        List<Double> expected = new ArrayList<>(List.of(2.0, 2.0));
        if (longest < 30) {
            // Nobody looks while the next one connects and closes, and on a busy machine that takes seconds.
            end(departures, waitedFor, longest);
        }
        // The last, as a second half goes by what tcp_fin_timeout is when the first is up.
        Closed ninety = close(trial, listener, 90, 0);
        observeTimers(trial, TIMERS, List.of(2.0, (double) longest, 30.0, 60.0), two, waitedFor, thirty, sixty);
        observeTimers(trial, TIMERS_ABOVE_60, List.of(1.0, 30.0), sixtyOne, ninety);
        observeTimers(trial, OWN_TIMEOUT, List.of(3.0), own);

        trial.step("waiting for the short ones to end");
        if (longest >= 30) {
            ends.add(end(departures, thirty, 30));
            expected.add(30.0);
        }
        ends.add(end(departures, waitedFor, longest));
        expected.add((double) longest);
        if (longest >= 60) {
            ends.add(end(departures(trial, ninety), ninety, 60));
            expected.add(60.0);
        }
        Lasted.observe(trial, ENDS, ends, expected, LATE);
        int port = forgotten.leaving().port();
        trial.observe(NONE, equalTo(0), () -> trial.client().census().count(FIN_WAIT2, one -> one.port() == port));
        trial.observe(PEER_STAYS, equalTo(CONNECTIONS - 1), () ->
                (long) trial.server().census().count(CLOSE_WAIT));
    }

    private static Closed close(Trial trial, Socket listener, int finTimeout, int linger2) throws InterruptedException {
        Socket client = trial.open(listener).client();
        if (linger2 != 0) {
            client.linger2(linger2).orThrow("setsockopt TCP_LINGER2");
        }
        trial.client().setSysctl(FIN_TIMEOUT, Integer.toString(finTimeout));
        return close(trial, client, linger2);
    }

    private static Closed close(Trial trial, Socket client, int linger2) throws InterruptedException {
        int port = client.port();
        Start closing = Start.of(() -> {
            if (trial.faulty()) {
                client.close();
            } else {
                client.shutdownOutput().orThrow("shutdown");
            }
        });
        SocketQuery query = SocketQuery.ofStates(FIN_WAIT2).withLocalPort(port);
        Lasted timer = linger2 < 0 ? new Lasted(0, 0) : Lasted.byTimer(trial.client(), query, closing);
        return new Closed(new Leaving(port, closing), timer);
    }

    private static void observeTimers(Trial trial, Expectation expectation, List<Double> seconds, Closed... closed) {
        List<Lasted> timers = Arrays.stream(closed).map(Closed::byTimer).toList();
        Lasted.observe(trial, expectation, timers, seconds, TIMER_LATE);
    }

    private static Departures departures(Trial trial, Closed... closed) {
        List<Leaving> all = Arrays.stream(closed).map(Closed::leaving).toList();
        return new Departures(trial.client(), SocketQuery.ofStates(FIN_WAIT2), all);
    }

    private static Lasted end(Departures departures, Closed one, int seconds) throws InterruptedException {
        return departures.await(one.leaving(), Duration.ofSeconds(seconds + 3L));
    }
}
