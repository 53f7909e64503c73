package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.Trial.Action;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that is or isn't guarded against a peer that goes dark.
 *
 * @param keepalive whether it has SO_KEEPALIVE
 * @param timeout whether it has TCP_USER_TIMEOUT
 * @param leaving from when it was left alone, or sent its data, until its kernel gives up
 */
record GuardedClient(boolean keepalive, boolean timeout, Socket socket, Leaving leaving) {
    /** Keepalive's times, in seconds. */
    static final int IDLE = 2;

    static final int PROBES = 3;
    private static final int INTERVAL = 1;

    /** When this many probes have gone unanswered, it ends at the time of the next one. */
    static final double KEEPALIVE_ENDS = IDLE + PROBES * INTERVAL;

    /** A client with SO_KEEPALIVE, left alone once that is set. */
    static GuardedClient alone(Trial trial, Socket client, Action set) throws InterruptedException {
        return new GuardedClient(true, false, client, leaving(trial, client, set));
    }

    /** A connection for each of the four settings, those without keepalive and those without TCP_USER_TIMEOUT first. */
    static List<GuardedClient> openEach(Trial trial, Socket listener, Duration userTimeout)
            throws InterruptedException {
        List<GuardedClient> all = new ArrayList<>();
        for (boolean keepalive : List.of(false, true)) {
            for (boolean timeout : List.of(false, true)) {
                Socket client = trial.open(listener).client();
                Leaving alone = leaving(trial, client, () -> {
                    if (timeout) {
                        client.userTimeout(userTimeout).orThrow("setsockopt TCP_USER_TIMEOUT");
                    }
                    if (keepalive) {
                        client.keepalive(Duration.ofSeconds(IDLE), Duration.ofSeconds(INTERVAL), PROBES)
                                .orThrow("setsockopt SO_KEEPALIVE");
                    }
                });
                all.add(new GuardedClient(keepalive, timeout, client, alone));
            }
        }
        return all;
    }

    /** Each sends a byte, and waits for its acknowledgement from then on. */
    static List<GuardedClient> send(Trial trial, List<GuardedClient> all) throws InterruptedException {
        List<GuardedClient> sent = new ArrayList<>();
        for (GuardedClient one : all) {
            Leaving waiting =
                    leaving(trial, one.socket, () -> one.socket.send(1).orThrow("send"));
            sent.add(new GuardedClient(one.keepalive, one.timeout, one.socket, waiting));
        }
        return sent;
    }

    private static Leaving leaving(Trial trial, Socket client, Action action) throws InterruptedException {
        return Leaving.after(action, trial.client(), TcpState.ESTABLISHED, client.port());
    }

    /** Watches all of these by the same looks. */
    static Departures departures(Host host, List<GuardedClient> some, List<GuardedClient> others) {
        Departures departures = new Departures(host, TcpState.ESTABLISHED);
        some.forEach(one -> departures.watch(one.leaving));
        others.forEach(one -> departures.watch(one.leaving));
        return departures;
    }

    /** How long each of these lasts. */
    static List<Lasted> ends(Departures departures, List<GuardedClient> all, Duration patience)
            throws InterruptedException {
        return departures.await(all.stream().map(GuardedClient::leaving).toList(), patience);
    }

    /** How many of these have this timer by that census. */
    static long withTimer(SocketTimer.Kind kind, Census census, List<GuardedClient> all) {
        return all.stream().filter(one -> one.timer(census).kind() == kind).count();
    }

    /**
     * Its timer by this census.
     *
     * @throws EvidenceMissing if it has gone
     */
    SocketTimer timer(Census census) {
        return census.in(TcpState.ESTABLISHED).stream()
                .filter(one -> one.port() == leaving.port())
                .map(TcpSocket::timer)
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("a socket that is to stay has gone"));
    }

    /** What read() returns on each of these now. */
    static String read(List<GuardedClient> all) throws InterruptedException {
        List<String> results = new ArrayList<>();
        for (GuardedClient one : all) {
            results.add(one.socket.receive(1, Duration.ZERO).name());
        }
        return String.join(", ", results);
    }
}
