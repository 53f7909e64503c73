import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a connection costs, and how many machines very many take. {@code scripts/bench scale} starts it; docs/scale.md explains it.
 *
 * <p>Storms of 1, 2 and 4 clients take turns in an order drawn anew for each round. What counts begins when each client has made so many
 * connections that its JVM is warm, and is read from the kernel: its counters, and the processor time of each process.
 */
@Command(name = "scripts/bench scale", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures what a connection, a socket, a port and an address cost, and says how many machines very many take.")
final class Scale implements Callable<Integer> {
    private static final int ADDRESSES = 64;
    private static final int FEW_PORTS = 500;
    private static final int OTHER_DESCRIPTORS = 1000;
    private static final int EPHEMERAL_PORTS = 65_535 - 10_000 + 1;

    @Option(names = "--rounds", paramLabel = "N", description = "Storms of each kind (default: ${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(names = "--clients", paramLabel = "N", split = ",", description = "Sizes of the storms (default: ${DEFAULT-VALUE}).")
    List<Integer> clients = List.of(1, 2, 4);

    @Option(names = "--rate", paramLabel = "N", description = "Connections a second of each client in a paced storm (default: ${DEFAULT-VALUE}).")
    int rate = 500;

    @Option(names = "--warm", paramLabel = "N", description = "Connections of each client that don't count (default: ${DEFAULT-VALUE}).")
    int warm = 3000;

    @Option(names = "--count", paramLabel = "N", description = "Connections of each client that do, ten times as many if not paced (default: ${DEFAULT-VALUE}).")
    int count = 3000;

    @Option(names = "--sockets", paramLabel = "N", description = "How many are held, if a process may have as many descriptors, and how many addresses are added (default: ${DEFAULT-VALUE}).")
    int sockets = 100_000;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--cores", paramLabel = "N", description = "Processors of each machine of the plan (default: ${DEFAULT-VALUE}).")
    int cores = 16;

    @Option(names = "--memory", paramLabel = "GiB", description = "Memory of each machine of the plan (default: ${DEFAULT-VALUE}).")
    int memory = 64;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all that was measured there.")
    Path json;

    @Option(names = "--descriptors", hidden = true, required = true)
    int descriptors;

    @Option(names = "--lab", hidden = true, required = true)
    Path lab;

    /**
     * @param rate connections a second, of all clients together
     * @param server processor time of the server a connection, in microseconds
     * @param client processor time of its client
     * @param processors how many were busy with it
     * @param segments a connection, both ways
     * @param uncounted connections of the clients that the server's kernel hasn't counted at the end
     */
    record Run(int round, int clients, boolean paced, double rate, double server, double client, double processors, double segments,
            long uncounted) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Scale()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        System.out.printf(Locale.ROOT, "Linux %s, %d processors; rounds: %d, seed %d.%n", System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(), rounds, seed);
        int held = Math.min(sockets, descriptors - OTHER_DESCRIPTORS);
        Map<String, Slab.Each> memory = new Held(lab, held).measure(rounds);
        System.out.printf(Locale.ROOT, "%n| kernel's memory for one, of %,d | bytes | objects |%n| --- | --- | --- |%n", held);
        memory.forEach((what, each) -> System.out.printf(Locale.ROOT, "| %s | %,.0f | %s |%n", what, each.bytes(), each.text()));
        Map<String, Integer> ports = ports();
        System.out.printf(Locale.ROOT, "%n| with %,d ports | connections at a time |%n| --- | --- |%n", FEW_PORTS);
        ports.forEach((what, most) -> System.out.printf(Locale.ROOT, "| %s | %,d |%n", what, most));
        List<Run> runs = storms();
        print(runs);
        plan(memory, runs);
        if (json != null) {
            JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
            mapper.writeValue(json.toFile(), Map.of("kernel", System.getProperty("os.version"), "memory", memory, "ports", ports, "runs", runs));
        }
        return 0;
    }

    // Ports: how many connections there can be at a time is counted, with few ports.

    private Map<String, Integer> ports() throws Exception {
        Map<String, Integer> most = new LinkedHashMap<>();
        most.put("one address each", most(1));
        most.put("two of the client, two of the server", most(2));
        return most;
    }

    /** How many are established when there is no port left. */
    private int most(int addresses) throws Exception {
        Map<String, String> few = Map.of("ip_local_port_range", "20000 " + (20_000 + FEW_PORTS - 1));
        try (Site site = new Site(lab, 1, 2, few)) {
            site.serve("well-behaved");
            List<String> options = new ArrayList<>(List.of("--load", "hold", "--payload", "0", "--count", "" + 5 * FEW_PORTS));
            for (int last = 101; last < 101 + addresses; last++) {
                options.addAll(List.of("--source", "10.99.1." + last));
            }
            Process client = site.load(1, addresses, options.toArray(String[]::new));
            int pairs = addresses * addresses;
            Site.await("as many are established as there are ports", () -> site.server.count(TcpState.ESTABLISHED) >= pairs * FEW_PORTS, client);
            site.clients.getFirst().namespace.call(Scale::refused);
            return site.server.count(TcpState.ESTABLISHED);
        }
    }

    /** One more is refused, with EADDRNOTAVAIL, by the client's own kernel. */
    private static boolean refused() throws IOException {
        try (Socket more = new Socket("10.99.1.1", Site.PORT)) {
            throw new IllegalStateException("there was a port left: " + more);
        } catch (ConnectException | NoRouteToHostException | BindException refused) {
            return true;
        }
    }

    // Storms.

    private List<Run> storms() throws Exception {
        List<Run> runs = new ArrayList<>();
        Random random = new Random(seed);
        for (int round = 1; round <= rounds; round++) {
            int number = round;
            List<Callable<Run>> order = new ArrayList<>();
            for (int size : clients) {
                Stream.of(true, false).forEach(paced -> order.add(() -> storm(number, size, paced)));
            }
            Collections.shuffle(order, random);
            for (Callable<Run> storm : order) {
                Run run = storm.call();
                runs.add(run);
                System.err.printf(Locale.ROOT, "round %d of %d: %d clients%s: %,.0f/s%n", round, rounds, run.clients, run.paced ? ", paced" : "", run.rate);
            }
        }
        return runs;
    }

    private Run storm(int round, int size, boolean paced) throws Exception {
        Map<String, String> churn = Map.of("tcp_tw_reuse", "1", "tcp_tw_reuse_delay", "10", "ip_local_port_range", "10000 65535");
        try (Site site = new Site(lab, size, ADDRESSES, churn)) {
            Process server = site.serve("well-behaved");
            List<Process> loads = new ArrayList<>();
            for (int client = 1; client <= size; client++) {
                loads.add(site.load(client, ADDRESSES, "--for", "1h", "--rate", "" + (paced ? rate : 0)));
            }
            Process[] all = Stream.concat(Stream.of(server), loads.stream()).toArray(Process[]::new);
            int more = paced ? count : 10 * count;
            Site.await("every client is warm", () -> site.clients.stream().allMatch(host -> opened(host) >= warm), all);
            Moment from = Moment.of(site, server, loads);
            Site.await("so many were made", () -> opened(site.server) - from.connections >= (long) more * size, all);
            Moment to = Moment.of(site, server, loads);
            loads.forEach(site::end);
            long uncounted = site.clients.stream().mapToLong(Scale::opened).sum() - site.server.counter("TcpPassiveOpens");
            return from.until(to, round, size, paced, uncounted);
        }
    }

    /** Of a client TcpActiveOpens, of a server TcpPassiveOpens; the other one is 0. */
    private static long opened(Site.Host host) {
        return host.counter("TcpActiveOpens") + host.counter("TcpPassiveOpens");
    }

    private record Moment(long nanos, long connections, long segments, double server, double clients) {
        static Moment of(Site site, Process server, List<Process> clients) {
            long segments = site.server.counter("TcpInSegs") + site.server.counter("TcpOutSegs");
            return new Moment(System.nanoTime(), opened(site.server), segments, Site.cpu(server), clients.stream().mapToDouble(Site::cpu).sum());
        }

        Run until(Moment to, int round, int size, boolean paced, long uncounted) {
            double connections = to.connections - this.connections;
            double seconds = (to.nanos - nanos) / 1e9;
            double server = to.server - this.server;
            double client = to.clients - clients;
            return new Run(round, size, paced, connections / seconds, server / connections * 1e6, client / connections * 1e6,
                    (server + client) / seconds, (to.segments - segments) / connections, uncounted);
        }
    }

    private void print(List<Run> runs) {
        for (boolean paced : List.of(true, false)) {
            System.out.printf(Locale.ROOT, "%n| clients, %s | connections/s | of one client's, each | server, µs | client, µs | processors busy | segments | not counted by the server |%n"
                    + "| --- | --- | --- | --- | --- | --- | --- | --- |%n", paced ? "each " + rate + "/s" : "as fast as it goes");
            double one = best(of(runs, clients.getFirst(), paced), true, Run::rate) / clients.getFirst();
            for (int size : clients) {
                List<Run> own = of(runs, size, paced);
                double most = best(own, true, Run::rate);
                System.out.printf(Locale.ROOT, "| %d | %,.0f | %.2f | %.0f | %.0f | %.2f | %.1f | %d |%n", size, most, most / size / one,
                        best(own, false, Run::server), best(own, false, Run::client), best(own, false, Run::processors),
                        best(own, false, Run::segments), own.stream().mapToLong(Run::uncounted).sum());
            }
        }
    }

    private static List<Run> of(List<Run> runs, int clients, boolean paced) {
        return runs.stream().filter(run -> run.clients == clients && run.paced == paced).toList();
    }

    /** Others that use the machine only make it worse. */
    private static double best(List<Run> runs, boolean most, ToDoubleFunction<Run> figure) {
        var figures = runs.stream().mapToDouble(figure);
        return (most ? figures.max() : figures.min()).orElseThrow();
    }

    private void plan(Map<String, Slab.Each> memory, List<Run> runs) throws IOException {
        List<Run> fast = runs.stream().filter(run -> !run.paced).toList();
        new Plan(cores, memory(), best(fast, false, Run::server), best(fast, false, Run::client), best(fast, false, Run::segments),
                EPHEMERAL_PORTS, memory.get(Held.CLOSE_WAIT).bytes(), memory.get(Held.TIME_WAIT).bytes()).print();
    }

    private double memory() {
        return memory * 0x1p30;
    }
}
