package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.catalogue.FinWaits.Client;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How long FIN_WAIT_2 lasts: tcp_fin_timeout if no process holds the socket, and something else above 60 s. */
public final class FinWait2Timeout extends AbstractExperiment {
    private static final int CONNECTIONS = 8;

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
        sysctls(FinWaits.FIN_TIMEOUT, "net.ipv4.tcp_max_orphans");
        set(CLIENT, FinWaits.FIN_TIMEOUT, "60");
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
    final Expectation ENDS = deciding(CLIENT, SOCK_DIAG, """
            FIN_WAIT_2 ends with its timer; 61 s ends after 2 s, 90 s after 60 s: there is a second half""");
    final Expectation OWN_TIMEOUT =
            deciding(CLIENT, SOCK_DIAG, "TCP_LINGER2 sets it for one socket, whatever tcp_fin_timeout says");
    final Expectation NONE = deciding(CLIENT, SOCK_DIAG, """
            with a negative TCP_LINGER2 there is no FIN_WAIT_2: the client sends RST once its FIN is acknowledged""");
    final Expectation PEER_STAYS = supporting(SERVER, SOCK_DIAG, "the peers that weren't reset stay in CLOSE_WAIT");

    final Measure TIMER = timer("client.FIN_WAIT_2.timer", NEITHER, """
            how long FIN_WAIT_2 will last, by the kernel's timer (above 60 s: its first half)""");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client closes");
        Lasted timer = new FinWaits(trial, CONNECTIONS).close().byTimer();
        trial.measure(TIMER, timer::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        var clients = new FinWaits(trial, CONNECTIONS);
        int longest = trial.knob(SHORT);
        trial.step("clients close under different settings of tcp_fin_timeout");
        Client thirty = clients.close(30, 30);
        Client sixty = clients.close(60, 60);
        Client own = clients.close(60, 3, 3);
        Client forgotten = clients.close(60, -1, 0);
        Client waitedFor = clients.close(longest, longest);
        Client two = clients.close(2, 2);
        Client sixtyOne = clients.close(61, 2);
        clients.awaitEnds(List.of(two, sixtyOne));
        if (longest < 30) {
            // Nobody looks while the next one connects and closes, and on a busy machine that takes seconds.
            clients.awaitEnds(List.of(waitedFor));
        }
        // The last, as a second half goes by what tcp_fin_timeout is when the first is up.
        Client ninety = clients.close(90, 60);
        clients.observeTimers(TIMERS, List.of(2.0, (double) longest, 30.0, 60.0), two, waitedFor, thirty, sixty);
        clients.observeTimers(TIMERS_ABOVE_60, List.of(1.0, 30.0), sixtyOne, ninety);
        clients.observeTimers(OWN_TIMEOUT, List.of(3.0), own);

        trial.step("waiting for the short ones to end");
        var all = Stream.of(two, sixtyOne, thirty, waitedFor, ninety);
        clients.observeEnds(ENDS, all.filter(one -> one.seconds() <= longest).toList());
        int port = forgotten.leaving().port();
        trial.observe(NONE, equalTo(0), () -> trial.client().census().count(FIN_WAIT2, one -> one.port() == port));
        trial.observe(PEER_STAYS, equalTo(CONNECTIONS - 1), () -> trial.server().count(CLOSE_WAIT));
    }
}
