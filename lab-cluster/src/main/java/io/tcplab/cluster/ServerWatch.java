package io.tcplab.cluster;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Looks at the server's kernel during a storm. Only sockets of the server's port: the agent's own connection isn't the storm's. */
final class ServerWatch {
    private static final int LOOKS_AT_REST = 8;
    private static final long BETWEEN_MILLIS = 250;

    private final Station server;
    private final SocketQuery query;
    private final Map<TcpState, Integer> peaks = new EnumMap<>(TcpState.class);
    private Map<TcpState, Integer> last = Map.of();

    ServerWatch(Station server, int port) {
        this.server = server;
        this.query = SocketQuery.all().withLocalPort(port);
    }

    /** How many there are in each state now. */
    Map<TcpState, Integer> look() {
        StateCounts counts = server.host().states(query);
        if (counts.complete()) {
            last = counts.byState();
            last.forEach((state, count) -> peaks.merge(state, count, Math::max));
        }
        return last;
    }

    /**
     * Waits until the kernel has counted that many connections, or nothing has moved for two seconds: a client's connection is
     * established a moment before the server's is.
     */
    ServerResult atRest(long connected) throws InterruptedException {
        Counters counters = server.host().counters();
        for (int still = 0; still < LOOKS_AT_REST && opened(counters) < connected; ) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
            Counters now = server.host().counters();
            still = opened(now) == opened(counters) ? still + 1 : 0;
            counters = now;
        }
        look();
        if (last.isEmpty()) {
            throw new EvidenceMissing("the server's kernel interrupted every attempt to list the sockets");
        }
        return new ServerResult(server.member().hello().node(), peaks, last, counters);
    }

    private static long opened(Counters counters) {
        return counters.get(StormReport.PASSIVE_OPENS);
    }
}
