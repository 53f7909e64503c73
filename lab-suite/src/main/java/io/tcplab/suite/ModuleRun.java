package io.tcplab.suite;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A module's tests, run in a JVM of their own.
 *
 * @param results of each test; none if the JVM didn't come to its report
 * @param exit the JVM's exit code: 0 if all is well
 * @param log all that the JVM wrote
 */
record ModuleRun(TestModule module, List<TestResult> results, int exit, Duration took, Path log) {
    /** No test takes so long, however slow the machine: where none has begun or ended for so long, one hangs. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Duration LOOK = Duration.ofSeconds(10);

    /** JUnit's console launcher: no test was found. A selection may leave none in a module. */
    private static final int NO_TESTS = 2;

    private static final int HANGS = 124;

    /**
     * Runs them and waits for their end.
     *
     * @param folder for the report and the log; what is in it goes
     * @throws IOException if the JVM can't be started, or its report can't be read
     * @throws InterruptedException while waiting; the JVM is ended
     */
    static ModuleRun of(TestModule module, Selection selection, Path folder) throws IOException, InterruptedException {
        empty(folder);
        Path log = folder.resolve("log");
        long started = System.nanoTime();
        Process jvm = new ProcessBuilder(command(module, selection, folder))
                .directory(module.folder().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = end(jvm, log);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        return new ModuleRun(module, TestReport.in(folder, module.name()), exit, took, log);
    }

    long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    /** Whether all of its tests came to an end, and none failed. */
    boolean isGreen() {
        return count(Outcome.FAILED) == 0 && (exit == 0 || (exit == NO_TESTS && results.isEmpty()));
    }

    /** {@code 140 passed, 1 failed in 43.1 s}. */
    String summary() {
        String skipped = count(Outcome.SKIPPED) == 0 ? "" : ", " + count(Outcome.SKIPPED) + " skipped";
        String ended = switch (exit) {
            case 0, 1, NO_TESTS -> "";
            case HANGS -> "; killed, because no test started or ended for " + PATIENCE.toMinutes() + " minutes";
            default -> "; its JVM ended with " + exit;
        };
        return String.format(
                Locale.ROOT,
                "%d passed, %d failed%s in %.1f s%s",
                count(Outcome.PASSED),
                count(Outcome.FAILED),
                skipped,
                took.toMillis() / 1e3,
                ended);
    }

    private static List<String> command(TestModule module, Selection selection, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "@" + module.options(),
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--disable-banner",
                "--disable-ansi-colors",
                "--details=testfeed", // a line at each test's begin and end
                "--fail-if-no-tests",
                "--class-path=" + ownClasses(), // for LongestFirst
                "--scan-classpath=" + module.classes(),
                "--reports-dir=" + folder));
        command.addAll(selection.options());
        return command;
    }

    private static Path ownClasses() {
        return Path.of(URI.create(LongestFirst.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static int end(Process jvm, Path log) throws IOException, InterruptedException {
        try {
            while (!jvm.waitFor(LOOK.toSeconds(), TimeUnit.SECONDS)) {
                FileTime told = Files.getLastModifiedTime(log);
                if (told.toInstant().plus(PATIENCE).isBefore(Instant.now())) {
                    dump(jvm);
                    return HANGS;
                }
            }
            return jvm.exitValue();
        } finally {
            jvm.descendants().forEach(ProcessHandle::destroyForcibly);
            jvm.destroyForcibly();
        }
    }

    /** Where it hangs, into its log. */
    private static void dump(Process jvm) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(jvm.pid()))
                    .start()
                    .waitFor();
            jvm.waitFor(2, TimeUnit.SECONDS);
        } catch (IOException noKill) {
            // Then without.
        }
    }

    private static void empty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
