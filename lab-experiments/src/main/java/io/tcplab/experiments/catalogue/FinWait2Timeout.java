package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.notBefore;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.catalogue.Departures.Leaving;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.SocketQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How long FIN_WAIT_2 lasts: tcp_fin_timeout, if nobody holds the socket any more, and not quite that above 60 s. */
public final class FinWait2Timeout implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h: the most that the kernel keeps a minisocket, in seconds. */
    private static final int TIMEWAIT_LEN = 60;

    private static final int LINGER2 = 3;
    private static final int CONNECTIONS = 8;

    /** How much later than its timer an end may be seen, in seconds. */
    private static final double LATE = 1.5;

    /** Seconds by which its timer may be later than its sysctl says, as it is looked at. */
    private static final double TIMER_LATE = 0.5;

    private static final Knob<Integer> SHORT =
            Knob.integer("fin-timeout", 5, 3, 60, "the longest tcp_fin_timeout whose end is waited for, in seconds");

    static final Expectation TIMERS = deciding(
            CLIENT,
            SOCK_DIAG,
            "the timer of FIN_WAIT_2 is tcp_fin_timeout, in seconds, as it was when the client closed");
    static final Expectation TIMERS_ABOVE_60 =
            deciding(CLIENT, SOCK_DIAG, "above 60 s it is tcp_fin_timeout - 60 s, of a first half");
    static final Expectation ENDS = deciding(
            CLIENT,
            SOCK_DIAG,
            "FIN_WAIT_2 ends when it is up; of 61 s after 2 s, of 90 s after 60: there is a second half");
    static final Expectation OWN_TIMEOUT =
            deciding(CLIENT, SOCK_DIAG, "TCP_LINGER2 sets it for one socket, whatever tcp_fin_timeout says");
    static final Expectation NONE = deciding(
            CLIENT,
            SOCK_DIAG,
            "with a negative TCP_LINGER2 there is no FIN_WAIT_2: when its FIN is acknowledged, it sends RST");
    static final Expectation PEER_STAYS =
            supporting(SERVER, SOCK_DIAG, "the peers that were not reset are in CLOSE_WAIT all the while");

    private static final Measure TIMER = Measure.timer(
            "client.FIN_WAIT_2.timer",
            Better.NEITHER,
            "how long FIN_WAIT_2 is to last, by the kernel's timer (above 60 s: its first half)");

    /**
     * A connection whose client has sent its FIN.
     *
     * @param query asks for the client's end
     * @param leaving the same, from just before its close and just after
     * @param timer how long FIN_WAIT_2 is to last, by its timer
     */
    private record Closed(SocketQuery query, Leaving leaving, Lasted timer) {}

    @Override
    public Story story() {
        return new Story(
                "fin-wait2-timeout",
                "tcp_fin_timeout ends FIN_WAIT_2, not TIME_WAIT, and only when nobody holds the socket",
                """
                A client has closed, the server has acknowledged that and doesn't close: FIN_WAIT_2. If the client
                called close(), nobody can ever read what might still come, so the kernel waits for the server's FIN
                no longer than net.ipv4.tcp_fin_timeout. Contrary to what many lists of sysctls say, this has nothing
                to do with TIME_WAIT. And if the client only called shutdown(), to read on, there is no timeout at
                all.

                Up to 60 s the kernel replaces the socket by a minisocket with that timer (tcp_time_wait). A
                minisocket lives 60 s at most, so for more the kernel keeps the whole socket for the rest,
                tcp_fin_timeout - 60 s, and then hands it to a minisocket for tcp_fin_timeout - 60 s, not for 60 s
                (tcp_keepalive_timer). So 61 means 2 seconds, 90 means 60. TCP_LINGER2 is the same for one socket; if
                it is negative, the connection is reset as soon as its FIN is acknowledged.""",
                "the client calls close()",
                "the client calls shutdown(SHUT_WR) and keeps the socket",
                List.of(FIN_TIMEOUT, "net.ipv4.tcp_max_orphans"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SHORT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(TIMERS, TIMERS_ABOVE_60, ENDS, OWN_TIMEOUT, NONE, PEER_STAYS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().with(CLIENT, FIN_TIMEOUT, Integer.toString(TIMEWAIT_LEN));
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(100);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(knobs.get(SHORT) + 6L);
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
        Socket client = Connection.open(trial.client(), Connection.listener(trial.server(), CONNECTIONS))
                .client();
        Lasted timer = closed(trial, client, 0).timer();
        trial.measure(TIMER, timer::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), CONNECTIONS);
        double longest = trial.knob(SHORT);
        trial.step("clients close under different settings of tcp_fin_timeout");
        Closed thirty = close(trial, listener, 30, 0);
        Closed sixty = close(trial, listener, TIMEWAIT_LEN, 0);
        Closed own = close(trial, listener, TIMEWAIT_LEN, LINGER2);
        Closed forgotten = close(trial, listener, TIMEWAIT_LEN, -1);
        Closed waitedFor = close(trial, listener, trial.knob(SHORT), 0);
        Closed two = close(trial, listener, 2, 0);
        Closed sixtyOne = close(trial, listener, 61, 0);
        Departures departures = departures(trial, two, sixtyOne, thirty, waitedFor);
        List<Lasted> ends = new ArrayList<>(List.of(
                departures.await(two.leaving(), patience(2)), departures.await(sixtyOne.leaving(), patience(2))));
        if (longest < 30) {
            // Nobody looks while the next one connects and closes, and on a busy machine that takes seconds.
            departures.await(waitedFor.leaving(), patience(trial.knob(SHORT)));
        }
        // The last, as a second half goes by what tcp_fin_timeout is when the first is up.
        Closed ninety = close(trial, listener, 90, 0);
        List<Double> upTo60 = List.of(2.0, longest, 30.0, 60.0);
        trial.observe(TIMERS, notBefore(upTo60, TIMER_LATE), () -> timers(upTo60, two, waitedFor, thirty, sixty));
        List<Double> above60 = List.of(1.0, 30.0);
        trial.observe(TIMERS_ABOVE_60, notBefore(above60, TIMER_LATE), () -> timers(above60, sixtyOne, ninety));
        List<Double> ofItsOwn = List.of((double) LINGER2);
        trial.observe(OWN_TIMEOUT, notBefore(ofItsOwn, TIMER_LATE), () -> timers(ofItsOwn, own));

        trial.step("they end, as far as that is waited for");
        List<Double> expected = new ArrayList<>(List.of(2.0, 2.0));
        if (longest >= 30) {
            ends.add(departures.await(thirty.leaving(), patience(30)));
            expected.add(30.0);
        }
        ends.add(departures.await(waitedFor.leaving(), patience(trial.knob(SHORT))));
        expected.add(longest);
        if (longest >= TIMEWAIT_LEN) {
            ends.add(departures(trial, ninety).await(ninety.leaving(), patience(60)));
            expected.add(60.0);
        }
        trial.observe(ENDS, notBefore(expected, LATE), () -> Lasted.against(ends, expected, LATE));
        trial.observe(NONE, equalTo(0), () ->
                (long) trial.client().census(forgotten.query()).sockets().size());
        trial.observe(PEER_STAYS, equalTo(CONNECTIONS - 1), () ->
                (long) trial.server().census().count(CLOSE_WAIT));
    }

    private static Closed close(Trial trial, Socket listener, int finTimeout, int linger2) throws InterruptedException {
        Socket client = Connection.open(trial.client(), listener).client();
        if (linger2 != 0) {
            client.linger2(linger2).orThrow("setsockopt TCP_LINGER2");
        }
        trial.client().setSysctl(FIN_TIMEOUT, Integer.toString(finTimeout));
        return closed(trial, client, linger2);
    }

    private static Closed closed(Trial trial, Socket client, int linger2) throws InterruptedException {
        int port = client.local().getPort();
        SocketQuery query = SocketQuery.ofStates(FIN_WAIT2).withLocalPort(port);
        long before = System.nanoTime();
        if (trial.faulty()) {
            client.close();
        } else {
            client.shutdownOutput().orThrow("shutdown");
        }
        long after = System.nanoTime();
        Lasted timer = linger2 < 0 ? new Lasted(0, 0) : Lasted.byTimer(trial.client(), query, before, after, SOON);
        return new Closed(query, new Leaving(port, before, after), timer);
    }

    private static List<Double> timers(List<Double> expected, Closed... closed) {
        return Lasted.against(Arrays.stream(closed).map(Closed::timer).toList(), expected, TIMER_LATE);
    }

    private static Departures departures(Trial trial, Closed... closed) {
        return new Departures(
                trial.client(),
                SocketQuery.ofStates(FIN_WAIT2),
                Arrays.stream(closed).map(Closed::leaving).toList());
    }

    private static Duration patience(int expected) {
        return Duration.ofSeconds(expected + 3L);
    }
}
