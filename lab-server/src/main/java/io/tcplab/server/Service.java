package io.tcplab.server;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A listener and what it has accepted. Methods may be called from any thread but a loop's. */
interface Service {
    /** Where it listens, with the port that the kernel chose. */
    InetSocketAddress address();

    /** Accepts what is queued and what comes, if it didn't. */
    void resumeAccepting();

    /** Closes the listener and what event loops serve, and waits for it; the loops must run. */
    void close();

    /** Closes what no event loop knows of; the loops have ended. */
    void closeRest();

    /** Waits as long as a close may take. An interrupted caller stops waiting and keeps its interrupt status. */
    static void await(Future<?> closed, Duration patience) {
        try {
            closed.await(patience.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
