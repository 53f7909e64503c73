import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the kernel takes for a socket in each state, and for an address: so many are made, and its slab caches looked at before and after. */
final class Held {
    static final String CLOSE_WAIT = "CLOSE_WAIT, held by a process";
    static final String TIME_WAIT = "TIME_WAIT, with its port";

    private static final int PORTS = 50_000;
    private static final int ADDRESS_BLOCK = 250;

    private final Path lab;
    private final int sockets;
    private final int addresses;
    private final Map<String, List<Map<String, Double>>> found = new LinkedHashMap<>();

    Held(Path lab, int sockets) {
        this.lab = lab;
        this.sockets = sockets;
        this.addresses = sockets / PORTS + 1;
    }

    Map<String, Slab.Each> measure(int rounds) throws Exception {
        for (int round = 1; round <= rounds; round++) {
            open();
            timeWait();
            address();
            System.err.printf("round %d of %d: sockets and addresses%n", round, rounds);
        }
        Map<String, Slab.Each> each = new LinkedHashMap<>();
        for (Map.Entry<String, List<Map<String, Double>>> entry : found.entrySet()) {
            each.put(entry.getKey(), Slab.each(entry.getValue()));
        }
        return each;
    }

    private void found(String what, Slab now, Slab before, int things) {
        found.computeIfAbsent(what, first -> new ArrayList<>()).add(now.since(before, things));
    }

    private Map<String, String> sysctls() {
        return Map.of("ip_local_port_range", "10000 65535", "tcp_tw_reuse", "0", "tcp_max_tw_buckets", "" + 2 * sockets);
    }

    /** One connection after another, of which first neither side has closed, then the client's, whose FIN_WAIT_2 lasts a minute. */
    private void open() throws Exception {
        try (Site site = new Site(lab, 1, addresses, sysctls())) {
            Site.Host client = site.clients.getFirst();
            Process server = site.serve("never-close");
            Slab none = Slab.read();
            Process load = site.load(1, addresses, "--load", "hold", "--payload", "0", "--count", "" + sockets, "--concurrency", "1000");
            Site.await("all are established", () -> site.server.count(TcpState.ESTABLISHED) >= sockets, server, load);
            Slab established = Slab.read();
            site.end(load);
            Site.await("all are in CLOSE_WAIT", () -> site.server.count(TcpState.CLOSE_WAIT) >= sockets, server);
            Slab waiting = Slab.read();
            int left = client.count(TcpState.FIN_WAIT2);
            Site.await("FIN_WAIT_2 has ended", () -> client.count(TcpState.FIN_WAIT2) == 0, server);
            Slab closeWait = Slab.read();
            found("ESTABLISHED, both ends, held by processes", established, none, sockets);
            found(CLOSE_WAIT, closeWait, none, sockets);
            if (left > sockets / 2) { // else they began to leave while others came
                found("FIN_WAIT_2 without an owner, with its port", waiting, closeWait, left);
            }
        }
    }

    private void timeWait() throws Exception {
        try (Site site = new Site(lab, 1, addresses, sysctls())) {
            Process server = site.serve("well-behaved");
            Slab none = Slab.read();
            Process load = site.load(1, addresses, "--payload", "0", "--count", "" + sockets);
            load.waitFor();
            Site.await("the server has closed all", () -> site.server.count(TcpState.LAST_ACK) == 0, server);
            int left = site.clients.getFirst().count(TcpState.TIME_WAIT);
            found(TIME_WAIT, Slab.read(), none, left);
        }
    }

    /** Of the loopback, by iproute2, which adds many at a time. */
    private void address() throws Exception {
        String batch = IntStream.range(0, sockets)
                .mapToObj(number -> "address add 10.%d.%d.%d/32 dev lo".formatted(
                        100 + number / ADDRESS_BLOCK / ADDRESS_BLOCK, number / ADDRESS_BLOCK % ADDRESS_BLOCK, number % ADDRESS_BLOCK))
                .collect(Collectors.joining("\n"));
        try (Site site = new Site(lab, 1, 1, Map.of())) {
            Slab none = Slab.read();
            Process ip = site.server.namespace.call(() -> new ProcessBuilder("ip", "-batch", "-").inheritIO()
                    .redirectInput(ProcessBuilder.Redirect.PIPE).start());
            try (var to = ip.outputWriter()) {
                to.write(batch);
            }
            if (!ip.waitFor(2, TimeUnit.MINUTES) || ip.exitValue() != 0) {
                throw new IOException("ip couldn't add " + sockets + " addresses");
            }
            found("an IPv4 address", Slab.read(), none, sockets);
        }
    }
}
