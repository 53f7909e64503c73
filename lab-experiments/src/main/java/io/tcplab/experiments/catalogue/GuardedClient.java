package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.Trial.Action;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;

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

    /** A client that has the options that are asked for, left alone once they are set. */
    static GuardedClient alone(Trial trial, Socket client, boolean keepalive, boolean timeout, Duration userTimeout)
            throws InterruptedException {
        Action set = () -> {
            if (timeout) {
                client.userTimeout(userTimeout).orThrow("setsockopt TCP_USER_TIMEOUT");
            }
            if (keepalive) {
                client.keepalive(Duration.ofSeconds(IDLE), Duration.ofSeconds(INTERVAL), PROBES)
                        .orThrow("setsockopt SO_KEEPALIVE");
            }
        };
        return new GuardedClient(keepalive, timeout, client, leaving(trial, client, set));
    }

    /** The same once it has sent a byte: it waits for the acknowledgement from then on. */
    GuardedClient afterSending(Trial trial) throws InterruptedException {
        Leaving waiting = leaving(trial, socket, () -> socket.send(1).orThrow("send"));
        return new GuardedClient(keepalive, timeout, socket, waiting);
    }

    private static Leaving leaving(Trial trial, Socket client, Action action) throws InterruptedException {
        return Leaving.after(action, trial.client(), TcpState.ESTABLISHED, client.port());
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
}
