package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;

/**
 * A connect() that takes its time.
 *
 * @param result what it returned; empty while it hasn't
 * @param atNanos when it was begun, or ended
 */
record Connecting(Socket socket, String result, long atNanos) {

    /** Begins it, from a host to a listener. */
    static Connecting start(Host from, Socket listener) {
        Socket socket = Connection.socket(from);
        long now = System.nanoTime();
        socket.startConnect(listener.local());
        return new Connecting(socket, "", now);
    }

    /** Waits for its end. */
    Connecting end(Duration patience) throws InterruptedException {
        return new Connecting(socket, socket.finishConnect(patience).name(), System.nanoTime());
    }

    /** The seconds from its first SYN until it ended. */
    double secondsSince(WireSegment syn) {
        return (atNanos - syn.atNanos()) / 1e9;
    }

    /** The seconds from that moment until it ended with ETIMEDOUT; infinite if it ended otherwise. */
    double timedOutAfter(long startNanos) {
        return result.equals("ETIMEDOUT") ? (atNanos - startNanos) / 1e9 : Double.POSITIVE_INFINITY;
    }
}
