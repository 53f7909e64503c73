package io.tcplab.cluster;

import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the server's kernel says.
 *
 * @param peaks the most sockets that were seen in each state, of those with the server's port
 * @param last how many there were at the end
 * @param counters since before the storm
 */
public record ServerResult(String node, Map<TcpState, Integer> peaks, Map<TcpState, Integer> last, Counters counters) {
    public ServerResult {
        peaks = Collections.unmodifiableMap(new TreeMap<>(peaks));
        last = Collections.unmodifiableMap(new TreeMap<>(last));
    }
}
