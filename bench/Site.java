import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** A server's network namespace, and one for each client, each joined to it by a link of its own. All that runs in them ends with it. */
final class Site implements AutoCloseable {
    static final int PORT = 7000;

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int TICKS_PER_SECOND = 100;

    private final Path lab;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Process> processes = new ArrayList<>();
    final Host server;
    final List<Host> clients = new ArrayList<>();

    /** @param addresses of the server, for each client, and of each client */
    Site(Path lab, int clients, int addresses, Map<String, String> clientSysctls) {
        this.lab = lab;
        server = new Host("server");
        for (int number = 1; number <= clients; number++) {
            Host client = new Host("client" + number);
            VethLink.join(
                    new VethLink.End(server.namespace, "srv" + number, addresses(number, 1, addresses)),
                    new VethLink.End(client.namespace, "cli" + number, addresses(number, 101, addresses)));
            client.namespace.run(() -> clientSysctls.forEach(Storm::set));
            this.clients.add(client);
        }
    }

    private static List<Cidr> addresses(int link, int first, int count) {
        return IntStream.range(first, first + count).mapToObj(last -> Cidr.parse("10.99." + link + "." + last + "/24")).toList();
    }

    /** The lab's server, once it listens. */
    Process serve(String behaviour) {
        Process process = start(server, "server", "--bind", "0.0.0.0", "--port", "" + PORT, "--behaviour", behaviour, "--backlog", "4096");
        await("the server listens", () -> server.count(TcpState.LISTEN) > 0, process);
        return process;
    }

    /** A client of the lab, to so many of its server's addresses. */
    Process load(int client, int addresses, String... options) {
        List<String> command = new ArrayList<>(List.of("client"));
        for (int last = 1; last <= addresses; last++) {
            command.addAll(List.of("--target", "10.99." + client + "." + last + ":" + PORT));
        }
        command.addAll(Arrays.asList(options));
        return start(clients.get(client - 1), command.toArray(String[]::new));
    }

    private Process start(Host host, String... options) {
        List<String> command = new ArrayList<>(List.of(lab.toString()));
        command.addAll(Arrays.asList(options));
        Process process = host.namespace.call(() -> new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        processes.add(process);
        return process;
    }

    /** Looks until it is so, which these processes must live to see. */
    static void await(String what, BooleanSupplier met, Process... alive) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!met.getAsBoolean()) {
            if (System.nanoTime() > deadline || Arrays.stream(alive).anyMatch(process -> !process.isAlive())) {
                throw new IllegalStateException("waited in vain until " + what);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Processor time that it has had so far, in seconds: user and system, and what the kernel did for the network on its time. */
    static double cpu(Process process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / (double) TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new IllegalStateException("process " + process.pid() + " has ended", e);
        }
    }

    void end(Process process) {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() throws Exception {
        processes.forEach(this::end);
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** A namespace, what is in it, and what its kernel has counted. */
    final class Host {
        final Namespace namespace;
        private final SockDiag sockets;
        private final CounterReader counters;

        private Host(String label) {
            namespace = Namespace.create(label);
            open.push(namespace);
            sockets = SockDiag.open(namespace);
            open.push(sockets);
            counters = CounterReader.open(namespace);
            open.push(counters);
        }

        int count(TcpState state) {
            return sockets.counts(SocketQuery.ofStates(state)).of(state);
        }

        long counter(String name) {
            return counters.read().get(name);
        }
    }
}
