package io.tcplab.cluster;

import io.tcplab.containers.AgentLink;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Asks each agent again and again whether it is there. TCP itself wouldn't say so soon that a machine is cut off: keepalive only begins when
 * nothing is unacknowledged (tcp_keepalive_timer() in net/ipv4/tcp_timer.c), and then a retransmission may take a quarter of an hour to give
 * up (tcp_retries2).
 */
final class Heartbeat implements AutoCloseable {
    /** A machine that is busy with a storm may be late, but not by this much: an agent answers on a thread of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration between;
    private final Duration patience;

    /** One that finds a silent agent within 20 s. */
    Heartbeat() {
        this(BETWEEN, PATIENCE);
    }

    Heartbeat(Duration between, Duration patience) {
        this.between = between;
        this.patience = patience;
    }

    /** From now on these are asked, each until it is lost. */
    void start(Collection<AgentLink> links) {
        links.forEach(link -> threads.execute(() -> keepAsking(link)));
    }

    private void keepAsking(AgentLink link) {
        try {
            while (link.lost().isEmpty()) {
                TimeUnit.NANOSECONDS.sleep(between.toNanos());
                link.probe(patience);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody is asked any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
