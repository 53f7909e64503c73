package io.tcplab.cluster;

import io.tcplab.client.LoadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a storm came to.
 *
 * @param on the kind of cluster
 * @param clients in the order of their numbers
 * @param server empty if it was lost
 * @param trouble why something is missing besides lost clients; empty if nothing is
 */
public record StormReport(
        StormPlan plan,
        String on,
        String image,
        List<ClientResult> clients,
        Optional<ServerResult> server,
        List<String> trouble) {
    /** Counts the connections whose handshake was completed (tcp_create_openreq_child() in net/ipv4/tcp_minisocks.c). */
    public static final String PASSIVE_OPENS = "TcpPassiveOpens";

    /** Beyond it, what a client measured is the answer to another load than the one asked for. */
    private static final long MOST_LAG_NANOS = 500_000_000;

    public StormReport {
        clients = List.copyOf(clients);
        trouble = List.copyOf(trouble);
    }

    /** Whether the clients' counts are the kernel's. */
    public enum Agreement {
        /** They are equal. */
        AGREE("agree"),
        /** They aren't. */
        DIFFER("differ"),
        /** One of the two is missing. */
        NOT_COMPARED("not compared");

        private final String label;

        Agreement(String label) {
            this.label = label;
        }

        /** In words. */
        public String label() {
            return label;
        }
    }

    /** The clients that have reported. */
    public List<ClientResult.Reported> reported() {
        return clients.stream()
                .filter(ClientResult.Reported.class::isInstance)
                .map(ClientResult.Reported.class::cast)
                .toList();
    }

    /** All of them together; a lost client's part isn't in it. */
    public LoadReport sum() {
        return LoadSum.of(reported());
    }

    /** From the first client's start to the last one's, in nanoseconds. */
    public long startSpreadNanos() {
        long first = lateness().min().orElse(0);
        return lateness().max().orElse(0) - first;
    }

    private LongStream lateness() {
        return reported().stream().mapToLong(ClientResult.Reported::lateNanos);
    }

    /** Connections that the server's kernel counted; empty if it couldn't be asked. */
    public Optional<Long> accepted() {
        return server.map(kernel -> kernel.counters().get(PASSIVE_OPENS));
    }

    /** Whether the kernel counted what the clients did. */
    public Agreement agreement() {
        if (reported().size() < clients.size() || accepted().isEmpty()) {
            return Agreement.NOT_COMPARED;
        }
        return accepted().get() == sum().connected() ? Agreement.AGREE : Agreement.DIFFER;
    }

    /** Why the result isn't whole, or can't be relied on; empty if it can. */
    public List<String> reasons() {
        List<String> reasons = new ArrayList<>(trouble);
        for (ClientResult client : clients) {
            switch (client) {
                case ClientResult.Lost lost -> reasons.add(lost.why());
                case ClientResult.Reported it -> lag(it).ifPresent(reasons::add);
            }
        }
        if (agreement() == Agreement.DIFFER) {
            reasons.add("the clients established %,d connections, the server's kernel counted %,d (%s)"
                    .formatted(sum().connected(), accepted().orElse(0L), PASSIVE_OPENS));
        }
        return reasons;
    }

    private static Optional<String> lag(ClientResult.Reported client) {
        long p99 = client.load().lag().p99();
        return p99 > MOST_LAG_NANOS
                ? Optional.of(
                        "client %d (%s) lagged: 1 %% of its operations began more than %d ms late; use more clients, or a lower --rate"
                                .formatted(client.number(), client.node(), p99 / 1_000_000))
                : Optional.empty();
    }

    /** Whether nothing is missing. */
    public boolean whole() {
        return reasons().isEmpty();
    }
}
