package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.Trial.Action;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Clients that close one after the other, each under another tcp_fin_timeout, and how long each is in FIN_WAIT_2. */
final class FinWaits {
    static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

    /** How much later than its timer an end may be seen, in seconds. */
    private static final double LATE = 1.5;

    /** Seconds by which its timer may be later than its sysctl says, as it is looked at. It is set in whole ones, so that this tells one from the next. */
    private static final double TIMER_LATE = 0.9;

    private final Trial trial;
    private final Socket listener;
    private final Departures departures;

    /**
     * A client that has sent its FIN to a server that sends none.
     *
     * @param byTimer how long FIN_WAIT_2 lasts by its timer
     * @param seconds how long it should last
     */
    record Client(Leaving leaving, Lasted byTimer, int seconds) {}

    /** Of at most this many clients. */
    FinWaits(Trial trial, int most) {
        this.trial = trial;
        listener = trial.listener(most);
        departures = new Departures(trial.client(), TcpState.FIN_WAIT2);
    }

    /** A client connects, and closes under the tcp_fin_timeout that its host has; without the fault it only ends its output. */
    Leaving close() throws InterruptedException {
        return close(trial.open(listener).client());
    }

    /** A client connects, and closes under this tcp_fin_timeout. */
    Client close(int finTimeout, int seconds) throws InterruptedException {
        return close(trial.open(listener).client(), finTimeout, seconds);
    }

    /** As {@link #close(int, int)}, with TCP_LINGER2; negative: no FIN_WAIT_2 at all. */
    Client close(int finTimeout, int linger2, int seconds) throws InterruptedException {
        Socket client = trial.open(listener).client();
        client.linger2(linger2).orThrow("setsockopt TCP_LINGER2");
        return close(client, finTimeout, seconds);
    }

    private Client close(Socket client, int finTimeout, int seconds) throws InterruptedException {
        trial.client().setSysctl(FIN_TIMEOUT, Integer.toString(finTimeout));
        Leaving leaving = close(client);
        return new Client(leaving, seconds == 0 ? Lasted.NO_TIME : leaving.byTimer(), seconds);
    }

    private Leaving close(Socket client) throws InterruptedException {
        Action close =
                trial.faulty() ? client::close : () -> client.shutdownOutput().orThrow("shutdown");
        Leaving leaving = Leaving.after(close, trial.client(), TcpState.FIN_WAIT2, client.port());
        departures.watch(leaving);
        return leaving;
    }

    /** Observes that the timers of these are set to this many seconds. */
    void observeTimers(Expectation expectation, List<Double> seconds, Client... clients) {
        List<Lasted> timers = Stream.of(clients).map(Client::byTimer).toList();
        Lasted.observe(trial, expectation, timers, seconds, TIMER_LATE);
    }

    /** Waits until each of these is gone, or should long be; observes that it lasted as long as it should. */
    void observeEnds(Expectation expectation, List<Client> clients) throws InterruptedException {
        List<Double> seconds =
                clients.stream().map(one -> (double) one.seconds()).toList();
        Lasted.observe(trial, expectation, awaitEnds(clients), seconds, LATE);
    }

    /** Waits until each of these is gone, or should long be; looks at all the others, too. */
    List<Lasted> awaitEnds(List<Client> clients) throws InterruptedException {
        List<Lasted> ends = new ArrayList<>();
        for (Client one : clients) {
            ends.add(departures.await(one.leaving(), Duration.ofSeconds(one.seconds() + 3L)));
        }
        return ends;
    }
}
