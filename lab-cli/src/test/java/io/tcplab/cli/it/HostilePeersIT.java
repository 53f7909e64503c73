package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.cli.it.Guarded.Use;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that are slow, silent, deaf, many or mistaken, all at once, at each port on which the lab listens: what they cost has a
 * bound, and a well-behaved client is answered meanwhile.
 *
 * <p>Here a few of them for as long as it takes to answer that client; {@code scripts/torture hostile} has thousands for a minute.
 */
@Tag("slow")
class HostilePeersIT {
    private static final int STEP = Integer.getInteger("lab.torture", 0);
    private static final boolean LONG = STEP > 0;
    private static final long SECONDS = LONG ? Math.max(2, 60 / STEP) : 1;
    /** The neighbour's questions until it is enough; the time may be over before. */
    private static final int QUESTIONS = 30;

    /** Of each habit. In all they stay below what the machine has room for: other tests run on it. */
    private static final int CROWD = LONG ? 350 : 12;

    /** More than the strangers that a port for HTTP holds. */
    private static final int SILENT = LONG ? CROWD : 300;

    private static final int HELD = 50;
    private static final int DEAF = 1_000;
    private static final int DEAF_MEMORY = 32;
    /** A JVM's own come and go: its compiler's, and a few jars. */
    private static final int SLACK = 12;
    /** Heap, as much again outside of it, and the JVM's own. */
    private static final int MOST_MEGABYTES = 2 * Guarded.HEAP_MEGABYTES + 150;

    private static final Set<Habit> ANY_PROTOCOL = EnumSet.range(Habit.SILENT, Habit.GARBAGE);
    private static final Set<Habit> HTTP = EnumSet.allOf(Habit.class);
    private static final Pattern PORT = Pattern.compile("port (\\d+)|localhost:(\\d+)");

    private World world;
    private Namespace network;

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.create();
        network = world.network();
    }

    @AfterEach
    void end() throws IOException {
        network.close();
        world.close();
    }

    @Test
    void aServerServesOthersAndCountsRightly() throws Exception {
        try (Guarded server = Guarded.start(world, Guarded.HEAP_MEGABYTES, "server", "--metrics-port", "0")) {
            InetSocketAddress port = port(server.line());
            InetSocketAddress metrics = metrics(server);
            try (Neighbour echo = Neighbour.of(network, port, "hello", true, "hello"::equals)) {
                attacked("server", server, port, false, ANY_PROTOCOL, echo);
            }
            try (Crowd held = Crowd.of(network, port, Habit.SILENT, false, HELD)) {
                World.await(() -> held.came() >= HELD && active(metrics) == HELD);
                assertThat(world.output("ss", "-Htn", "state", "established", "sport", "=", ":" + port.getPort())
                                .lines())
                        .hasSize(HELD);
                String[] check = {"--port", "" + port.getPort(), "--for", "1s", "--grace", "0s", "--json", "-"};
                assertThat(census(check)).contains("\"last\": " + HELD + ",");
            }
            World.await(() -> active(metrics) == 0);
        }
    }

    /** What the kernel doesn't take of an echo must be kept: here there is room for a third of what they all want. */
    @ParameterizedTest
    @MethodSource("transports")
    void deafPeersDoNotUseUpAServersMemory(String transport) throws Exception {
        // In this world only: the machine has one memory for all TCP.
        world.output("sysctl", "-qw", "net.ipv4.tcp_wmem=4096 16384 131072", "net.ipv4.tcp_rmem=4096 131072 131072");
        try (Guarded server =
                Guarded.start(world, DEAF_MEMORY, "server", "--transport", transport, "--metrics-port", "0")) {
            InetSocketAddress port = port(server.line());
            InetSocketAddress metrics = metrics(server);
            try (Neighbour echo = Neighbour.of(network, port, "hello", true, "hello"::equals);
                    Crowd deaf = Crowd.of(network, port, Habit.DEAF, false, DEAF)) {
                World.await(() -> deaf.came() >= DEAF);
                int asked = echo.answered();
                World.await(() -> echo.answered() > asked + QUESTIONS);
                System.out.printf(
                        "hostile: %s: %d deaf peers, %d MB of heap: resident at most %d MB; a neighbour had %s%n",
                        transport, DEAF, DEAF_MEMORY, server.use().residentMegabytes(), echo.figures());
            }
            World.await(() -> active(metrics) == 0);
        }
    }

    @Test
    void metricsAreServed() throws Exception {
        try (Guarded server = Guarded.start(world, Guarded.HEAP_MEGABYTES, "server", "--metrics-port", "0")) {
            port(server.line());
            InetSocketAddress metrics = metrics(server);
            String question = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            try (Neighbour scraper = Neighbour.of(
                    network, metrics, question, false, answer -> answer.contains("tcplab_server_active_connections"))) {
                attacked("metrics", server, metrics, true, HTTP, scraper);
            }
        }
    }

    @Test
    void thePageIsServed() throws Exception {
        try (Guarded serve = Guarded.start(world, Guarded.HEAP_MEGABYTES, "serve")) {
            URI url = URI.create(serve.line());
            InetSocketAddress port = new InetSocketAddress(url.getHost(), url.getPort());
            String question = "GET /catalogue HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + url.getQuery().replace("token=", "") + "\r\n\r\n";
            try (Neighbour browser =
                    Neighbour.of(network, port, question, false, answer -> answer.contains("\"close-wait-leak\""))) {
                attacked("page", serve, port, true, HTTP, browser);
            }
        }
    }

    static List<String> transports() {
        return LONG ? List.of("epoll", "io_uring", "nio") : List.of("epoll", "io_uring");
    }

    /** It has no port: the lab talks to it over the container's standard input. Here it is the first process of its own namespace. */
    @ParameterizedTest
    @ValueSource(strings = {"\u007f\u00ff\u00ff\u00ff", "\u0000\u0000\u0000\u0004none", "\u0003\u00ff\u00ff\u00ffabc"})
    void anAgentEndsAtWhatIsNoMessage(String bytes) throws Exception {
        String lab = Installation.checkout().lab().toString();
        Process agent = world.command("unshare", "--pid", "--fork", "--mount-proc", lab, "agent")
                .start();
        try (OutputStream in = agent.getOutputStream()) {
            in.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
        String said = new String(agent.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(agent.waitFor()).as(said).isEqualTo(70);
        assertThat(said).containsAnyOf("not an agent's message", "the stream ends inside a frame");
    }

    private void attacked(
            String what, Guarded victim, InetSocketAddress port, boolean http, Set<Habit> habits, Neighbour neighbour)
            throws Exception {
        World.await(() -> neighbour.answered() > 0);
        Use before = victim.use();
        Use most = before;
        List<Crowd> crowds = new ArrayList<>();
        for (Habit habit : habits) {
            crowds.add(Crowd.of(network, port, habit, http, habit == Habit.SILENT ? SILENT : CROWD));
        }
        World.await(() -> crowds.stream().allMatch(crowd -> crowd.came() >= CROWD));
        int asked = neighbour.answered();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long deadline = end + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < end || neighbour.answered() < asked + QUESTIONS) {
            most = most(most, victim.use());
            assertThat(neighbour.unanswered()).as(neighbour.last()).isZero();
            assertThat(System.nanoTime()).as("in time; " + neighbour.figures()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        String figures = neighbour.figures();
        long came = crowds.stream().mapToLong(Crowd::came).sum();
        for (Crowd crowd : crowds) {
            crowd.close();
        }
        World.await(() -> victim.use().descriptors() <= before.descriptors() + SLACK);
        Use after = victim.use();
        int heap = victim.heapMegabytes();
        System.out.printf(
                "hostile: %s: %d peers of %d habits, %,d connections in %d s: descriptors %d, at most %d, then %d;"
                        + " threads %d, %d, %d; resident at most %d MB; heap then %d MB; a neighbour had %s%n",
                what,
                CROWD * (habits.size() - 1) + SILENT,
                habits.size(),
                came,
                SECONDS,
                before.descriptors(),
                most.descriptors(),
                after.descriptors(),
                before.threads(),
                most.threads(),
                after.threads(),
                after.residentMegabytes(),
                heap,
                figures);
        assertThat(most.threads()).isLessThanOrEqualTo(before.threads() + SLACK);
        assertThat(after.residentMegabytes()).isLessThan(MOST_MEGABYTES);
        assertThat(heap).isLessThan(Guarded.HEAP_MEGABYTES / 4);
    }

    private static Use most(Use one, Use other) {
        return new Use(
                Math.max(one.descriptors(), other.descriptors()),
                Math.max(one.threads(), other.threads()),
                Math.max(one.residentMegabytes(), other.residentMegabytes()));
    }

    /** What the lab's own census says of this port. */
    private String census(String... check) throws Exception {
        List<String> all = new ArrayList<>(List.of("check", "--max", "ESTABLISHED=" + 2 * HELD));
        all.addAll(List.of(check));
        Process process = world.lab(all.toArray(String[]::new))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(json).isZero();
        return json;
    }

    private int active(InetSocketAddress metrics) throws Exception {
        String all =
                world.output("curl", "-sS", "--noproxy", "*", "http://localhost:" + metrics.getPort() + "/metrics");
        return all.lines()
                .filter(line -> line.startsWith("tcplab_server_active_connections"))
                .map(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static InetSocketAddress metrics(Guarded server) throws IOException {
        return port(server.said()
                .lines()
                .filter(line -> line.startsWith("metrics on "))
                .findFirst()
                .orElseThrow());
    }

    private static InetSocketAddress port(String line) {
        var found = PORT.matcher(line);
        assertThat(found.find()).as(line).isTrue();
        String port = found.group(1) == null ? found.group(2) : found.group(1);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }
}
