package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.cli.it.Guarded.Use;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What runs for days costs no more on the last than on the first: a server and its clients, {@code lab watch} and {@code lab
 * serve} beside them, with a page that somebody looks at.
 *
 * <p>Here for some seconds; {@code scripts/torture day} holds ten thousand connections for two hours.
 */
@Tag("slow")
class DayIT {
    private static final int STEP = Integer.getInteger("lab.torture", 0);
    private static final boolean LONG = STEP > 0;
    private static final long SECONDS = LONG ? Math.max(60, 7_200 / STEP) : 6;
    private static final int HELD = LONG ? 10_000 : 500;
    private static final int SAMPLES = LONG ? 24 : 3;
    /** Requests over the held connections, and connections that come and go, a second. */
    private static final String REQUESTS = "200";

    private static final String SHORT_LIVED = "20";

    /** Connections that are just open, and a JVM's own jars and compiler threads. */
    private static final int SLACK = 12;

    /** A third of the short form is one sample, which may have a look under way in it. */
    private static final int HEAP_SLACK_MEGABYTES = LONG ? 3 : 12;

    /** As long as {@code lab watch} and the page keep looks, and a bit: until then their heaps do grow. */
    private static final Duration LOOKS_BACK = Duration.ofSeconds(12);

    private World world;
    private final Map<String, Guarded> programs = new LinkedHashMap<>();

    /**
     * Of a program, at one time.
     *
     * @param heapMegabytes after a collection
     */
    private record Sample(Use use, int heapMegabytes) {}

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.create();
    }

    @AfterEach
    void end() throws IOException {
        for (Guarded program : programs.values()) {
            program.close();
        }
        world.close();
    }

    @Test
    void nothingGrows() throws Exception {
        String port = start("server", "server", "--metrics-port", "0").line().replaceAll(".* port ", "");
        String time = SECONDS + 600 + "s";
        String[] client = {"client", "--target", "127.0.0.1:" + port, "--for", time, "--rate"};
        start("client that holds", with(client, REQUESTS, "--load", "keep-alive:pool=" + HELD));
        start("client that connects anew", with(client, SHORT_LIVED, "--load", "short-lived"));
        World.await(() -> established(port) >= HELD);
        drain(start("watch", "watch", "--port", port, "--metrics-port", "0"));
        URI page = URI.create(start("serve", "serve", "--port", port).line());
        look(page);
        TimeUnit.MILLISECONDS.sleep(LOOKS_BACK.toMillis());

        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int count = 0; count < SAMPLES; count++) {
            TimeUnit.MILLISECONDS.sleep(Duration.ofSeconds(SECONDS).toMillis() / SAMPLES);
            assertThat(established(port)).isGreaterThanOrEqualTo(HELD);
            for (var program : programs.entrySet()) {
                Guarded process = program.getValue();
                samples.computeIfAbsent(program.getKey(), name -> new ArrayList<>())
                        .add(new Sample(process.use(), process.heapMegabytes()));
            }
        }
        samples.forEach(DayIT::print);
        samples.forEach((name, all) -> {
            isFlat(name + ": descriptors", all, SLACK, sample -> sample.use().descriptors());
            isFlat(name + ": threads", all, SLACK, sample -> sample.use().threads());
            heapIsFlat(name, all);
        });
    }

    private Guarded start(String name, String... command) throws IOException {
        Guarded program = Guarded.start(world, Guarded.HEAP_MEGABYTES, command);
        programs.put(name, program);
        return program;
    }

    /** The least of the last third is at most so much above the least of the first: a look under way comes and goes, a leak stays. */
    private static void isFlat(String what, List<Sample> all, int slack, ToLongFunction<Sample> figure) {
        long early = early(all, figure);
        assertThat(late(all, figure)).as(what + ", early " + early).isLessThanOrEqualTo(early + slack);
    }

    /**
     * As {@link #isFlat}, sooner or later: a look goes through all of the machine's descriptors, and of 150,000 that a test beside this one
     * holds it keeps 20 to 40 MB until they are gone.
     */
    private void heapIsFlat(String name, List<Sample> all) {
        long most = early(all, Sample::heapMegabytes) + HEAP_SLACK_MEGABYTES;
        if (late(all, Sample::heapMegabytes) > most) {
            Guarded program = Objects.requireNonNull(programs.get(name));
            Awaitility.await(name + ": heap, MB, at most " + most)
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(program::heapMegabytes, heap -> heap <= most);
        }
    }

    private static long early(List<Sample> all, ToLongFunction<Sample> figure) {
        return least(all.subList(0, all.size() / 3), figure);
    }

    private static long late(List<Sample> all, ToLongFunction<Sample> figure) {
        return least(all.subList(all.size() - all.size() / 3, all.size()), figure);
    }

    private static long least(List<Sample> samples, ToLongFunction<Sample> figure) {
        return samples.stream().mapToLong(figure).min().orElseThrow();
    }

    private static void print(String name, List<Sample> all) {
        Sample last = all.getLast();
        System.out.printf(
                "day: %s, %d s: heap after a collection %s MB; %d to %d descriptors; %d to %d threads; resident at most %d MB%n",
                name,
                SECONDS,
                all.stream().map(Sample::heapMegabytes).toList(),
                all.getFirst().use().descriptors(),
                last.use().descriptors(),
                all.getFirst().use().threads(),
                last.use().threads(),
                last.use().residentMegabytes());
    }

    private long established(String port) throws Exception {
        return world.output("ss", "-Htn", "state", "established", "sport", "=", ":" + port)
                .lines()
                .count();
    }

    /** A browser, which takes each frame. */
    private void look(URI page) throws IOException {
        String token = page.getQuery().replace("token=", "Authorization: Bearer ");
        String events = "http://" + page.getAuthority() + "/events";
        world.command("curl", "-sSN", "--noproxy", "*", "-H", token, events)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void drain(Guarded program) {
        InputStream output = program.process().getInputStream();
        Thread.ofVirtual().start(() -> {
            try (output) {
                output.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
