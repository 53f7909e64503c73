package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL at any moment: nothing of the lab is left on its host but what it has written into its folder.
 *
 * <p>Here a few moments each; {@code scripts/torture kill} takes 200, by a seed that it prints, and each step of a run.
 */
@Tag("slow")
class KillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOMENTS = 200;

    /** The lab's results, and its user's home with its caches. */
    private static final String ITS_OWN = ".* /tmp/(work/lab-results|home)/.*";

    /** Waits until a victim has begun its work: on a busy machine its JVM's start alone takes longer than all of it does on another. */
    @FunctionalInterface
    interface Start {
        void await(World world, Process victim) throws IOException, InterruptedException;
    }

    /**
     * A command to be killed.
     *
     * @param millis about how long it takes, or has enough to do
     */
    record Victim(String name, int millis, Start start, List<String> command) {
        static Victim lab(int millis, Start start, String... arguments) {
            String lab = Installation.checkout().lab().toString();
            List<String> command =
                    Stream.concat(Stream.of(lab), Stream.of(arguments)).toList();
            return new Victim(String.join(" ", arguments), millis, start, command);
        }

        /** A JVM with the tests of lab-junit's own cells, and of the programs in them. */
        static Victim cell(int millis) {
            Path module = Installation.CHECKOUT.resolve("lab-junit");
            return new Victim(
                    "JUnit's cells",
                    millis,
                    UNTOLD,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@" + module.resolve("target/test.options"),
                            "-XX:-UsePerfData", // a file that a killed JVM leaves, whatever it runs
                            "org.junit.platform.console.ConsoleLauncher",
                            "execute",
                            "-c",
                            "io.tcplab.junit.ProgramsTest",
                            "-c",
                            "io.tcplab.junit.InCellTest"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Start PROGRESS = (world, lab) -> reads(lab.errorReader(), 1);
    private static final Start UNTOLD = (world, lab) -> {};

    private static final Victim RUN =
            Victim.lab(2_500, PROGRESS, "run", "close-wait-leak", "simultaneous-open", "three-way-handshake");

    private static final Victim PAGE = Victim.lab(3_000, KillIT::startAnExperiment, "serve");

    static List<Victim> victims() {
        return List.of(
                RUN,
                Victim.lab(2_500, PROGRESS, "run", "three-way-handshake", "simultaneous-open", "--capture", "--trace"),
                Victim.lab(2_000, UNTOLD, "check"),
                Victim.cell(6_000),
                PAGE);
    }

    @ParameterizedTest
    @MethodSource("victims")
    void leavesNothingAtARandomMoment(Victim victim) throws Exception {
        long seed = Long.getLong("lab.seed", System.nanoTime());
        Random random = new Random(seed);
        int step = Integer.getInteger("lab.torture", 0);
        int moments = step > 0 ? Math.max(1, MOMENTS / victims().size() / step) : 2;
        Tally tally = new Tally();
        try (World world = World.create()) {
            List<String> before = world.contents();
            for (int i = 0; i < moments; i++) {
                int at = random.nextInt(victim.millis());
                boolean atWork = random.nextBoolean();
                Process lab = start(world, victim);
                if (atWork) {
                    victim.start().await(world, lab);
                }
                lab.waitFor(at, TimeUnit.MILLISECONDS);
                tally.add("after %d ms%s".formatted(at, atWork ? " at work" : ""), killed(world, lab, before));
            }
        }
        System.out.printf("kill: %s at %d moments, seed %d: %s%n", victim, moments, seed, tally.figures());
        assertThat(tally.left).as("seed " + seed).isEmpty();
    }

    /** As its own words announce them, so that none is missed. */
    @Test
    void leavesNothingAtAnyStep() throws Exception {
        boolean all = Integer.getInteger("lab.torture", 0) > 0;
        Tally tally = new Tally();
        try (World world = World.create()) {
            List<String> before = world.contents();
            for (int line = 1; ; line += all ? 1 : 6) {
                Process lab = start(world, RUN);
                boolean came = reads(lab.errorReader(), line);
                tally.add("at line " + line, killed(world, lab, before));
                if (!came) {
                    break; // it ended before
                }
            }
        }
        System.out.printf(
                "kill: %s at %s: %s%n", RUN, all ? "each of its steps" : "some of its steps", tally.figures());
        assertThat(tally.left).isEmpty();
    }

    private static Process start(World world, Victim victim) throws IOException {
        ProcessBuilder builder = world.command(victim.command().toArray(String[]::new));
        if (!victim.equals(PAGE)) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment().put("LAB_NO_INSTALL", "1");
        return builder.start();
    }

    /** As the page's button does. */
    private static void startAnExperiment(World world, Process serve) throws IOException, InterruptedException {
        URI page = URI.create(serve.inputReader().readLine().strip());
        String token = page.getQuery().replace("token=", "");
        String origin = "http://" + page.getAuthority();
        String answer = world.output(
                "curl",
                "-sS",
                "--noproxy",
                "*",
                "-H",
                "Authorization: Bearer " + token,
                "-H",
                "Origin: " + origin,
                "-H",
                "Content-Type: application/json",
                "-d",
                "{\"experiment\":\"close-wait-leak\"}",
                page.resolve("/start").toString());
        assertThat(answer).contains("\"ok\":true");
    }

    private static boolean reads(BufferedReader progress, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            if (progress.readLine() == null) {
                return false;
            }
        }
        return true;
    }

    /** Kills it and looks at what is left; gives the time until nothing was, or what still is. */
    private static Found killed(World world, Process lab, List<String> before)
            throws IOException, InterruptedException {
        signal("STOP", lab.pid()); // so that what it holds stays what it is until it is killed
        Set<String> cells = world.cells();
        lab.destroyForcibly();
        long begun = System.nanoTime();
        lab.waitFor();
        while (true) {
            List<String> left = left(world, cells, before);
            double seconds = (System.nanoTime() - begun) / 1e9;
            if (left.isEmpty() || seconds > PATIENCE.toSeconds()) {
                return new Found(cells.size(), seconds, left);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<String> left(World world, Set<String> cells, List<String> before)
            throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        world.processes()
                .forEach(pid -> left.add("process "
                        + pid + " "
                        + ProcessHandle.of(pid)
                                .flatMap(one -> one.info().commandLine())
                                .orElse("")));
        world.held(cells).forEach(cell -> left.add("namespace " + cell));
        if (left.isEmpty()) {
            List<String> now = new ArrayList<>(world.contents());
            before.forEach(now::remove);
            now.removeIf(line -> line.matches(ITS_OWN));
            left.addAll(now);
        }
        return left;
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor(); // fails if it has ended by itself
    }

    /** What one kill showed. */
    private record Found(int cells, double seconds, List<String> left) {}

    private static final class Tally {
        private final List<String> left = new ArrayList<>();
        private int kills;
        private int namespaces;
        private double longest;

        void add(String moment, Found found) {
            kills++;
            namespaces += found.cells;
            longest = Math.max(longest, found.seconds);
            found.left.forEach(one -> left.add(moment + ": " + one));
        }

        String figures() {
            return "%d kills, %d namespaces were open, %d things left, all else gone within %.1f s"
                    .formatted(kills, namespaces, left.size(), longest);
        }
    }
}
