package io.tcplab.experiments.ladder;

import io.tcplab.kernel.counters.Counters;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which of a host's counters of TCP moved, but for those that count every segment or byte: they move whatever happens. */
public final class Counting {
    private static final Set<String> TRAFFIC = Set.of(
            "TcpInSegs",
            "TcpOutSegs",
            "TcpCurrEstab",
            "TcpExtTCPPureAcks",
            "TcpExtTCPHPHits",
            "TcpExtTCPHPAcks",
            "TcpExtTCPOrigDataSent",
            "TcpExtTCPDelivered",
            "TcpExtTCPAckCompressed",
            "TcpExtTCPAutoCorking",
            "TcpExtTCPRcvCoalesce");

    private Counting() {}

    /** Name to how far it went, by name. */
    static Map<String, Long> between(Counters before, Counters after) {
        return moved(after.since(before));
    }

    /** The same of a difference. */
    public static Map<String, Long> moved(Counters since) {
        Map<String, Long> counted = new TreeMap<>();
        since.values().forEach((name, by) -> {
            if (by != 0 && name.startsWith("Tcp") && !TRAFFIC.contains(name)) {
                counted.put(name, by);
            }
        });
        return counted;
    }
}
