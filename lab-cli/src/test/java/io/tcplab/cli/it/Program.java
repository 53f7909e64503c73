package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A process of the lab. Closing it kills it, if it still runs. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** Of standard error, in a failure: more would hide which text is missing. */
    private static final int LINES = 12;

    private static final List<String> ORDINARY_USER =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    /** A user namespace whose own limit is 0, and in it a process that has lost its capabilities. */
    static final List<String> WITHOUT_USER_NAMESPACES = List.of(
            "unshare",
            "--user",
            "--map-root-user",
            "bash",
            "-c",
            "echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"",
            "bash");

    private final Process process;
    private final Path folder;
    private final Path out;
    private final Path err;

    /** What a process left behind. */
    record Ended(int code, String out, String err) {
        /** Its standard output, if it ended as expected. */
        String outOf(int expectedCode) {
            assertThat(code).as("%s%n%s", err, out).isEqualTo(expectedCode);
            return out;
        }
    }

    private Program(Process process, Path folder, Path out, Path err) {
        this.process = process;
        this.folder = folder;
        this.out = out;
        this.err = err;
    }

    /** Starts the checkout's as the user who runs the tests, which is root. */
    static Program start(Path folder, String... arguments) throws IOException {
        return start(List.of(), folder, arguments);
    }

    /** Starts the checkout's by another program: see {@link #start(List, Installation, Path, String...)}. */
    static Program start(List<String> by, Path folder, String... arguments) throws IOException {
        return start(by, Installation.checkout(), folder, arguments);
    }

    /** Starts it as the user who runs the tests, which is root. */
    static Program start(Installation installation, Path folder, String... arguments) throws IOException {
        return start(List.of(), installation, folder, arguments);
    }

    /** Starts it as nobody, with a folder of his own to work in. */
    static Program startAsUser(Installation installation, Path folder, String... arguments) throws IOException {
        return startAsUser(List.of(), installation, folder, arguments);
    }

    /** The same by another program, such as {@code env}. */
    static Program startAsUser(List<String> by, Installation installation, Path folder, String... arguments)
            throws IOException {
        Path own = Files.createTempDirectory(folder, "user");
        try {
            assertThat(new ProcessBuilder("chown", "65534:65534", own.toString())
                            .start()
                            .waitFor())
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<String> all = new ArrayList<>(by);
        all.addAll(ORDINARY_USER);
        return start(all, installation, own, arguments);
    }

    /** Starts it by another program, which is given the lab's command as its last arguments. */
    static Program start(List<String> by, Installation installation, Path folder, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(by);
        command.add(installation.lab().toString());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("lab", ".out");
        Path err = Files.createTempFile("lab", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("HOME", folder.toString());
        // Whatever the tests run under, the lab finds its own.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return new Program(builder.start(), folder, out, err);
    }

    /** Runs another command to its end. */
    static Ended end(ProcessBuilder command, Duration patience) throws IOException, InterruptedException {
        Path out = Files.createTempFile("lab", ".out");
        Path err = Files.createTempFile("lab", ".err");
        try {
            Process process = command.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended)
                    .as(String.join(" ", command.command()) + ": " + read(err))
                    .isTrue();
            return new Ended(process.exitValue(), read(out), read(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Where it works. */
    Path folder() {
        return folder;
    }

    /** Waits until it has ended. */
    Ended awaitEnd() throws InterruptedException, IOException {
        return awaitEnd(PATIENCE);
    }

    /** For what takes longer than anything should on this machine's own kernel. */
    Ended awaitEnd(Duration patience) throws InterruptedException, IOException {
        assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
                .as("ended; it said: " + read(err))
                .isTrue();
        return new Ended(process.exitValue(), read(out), read(err));
    }

    /** Whether it ends by itself so soon; waits for it. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until it has written this to standard error; gives all of that. */
    String awaitErr(String text) {
        return awaitText(err, text);
    }

    /** Waits until it has written this to standard output; gives all of that. */
    String awaitOut(String text) {
        return awaitText(out, text);
    }

    private String awaitText(Path file, String text) {
        try {
            await().atMost(PATIENCE)
                    .until(() -> !process.isAlive() || read(file).contains(text));
        } catch (ConditionTimeoutException tooLate) {
            // Then what it has written so far says how far it came.
        }
        String written = read(file);
        if (!written.contains(text)) {
            throw new AssertionError("it didn't write \"%s\"; it %s; the end of its standard error: %s"
                    .formatted(text, process.isAlive() ? "still runs" : "ended with " + process.exitValue(), end(err)));
        }
        return written;
    }

    /** What wasn't confirmed, and else the end. */
    private static String end(Path file) {
        List<String> lines = read(file).lines().toList();
        List<String> wrong = lines.stream()
                .filter(line -> line.contains(": refuted") || line.contains(": inconclusive"))
                .toList();
        List<String> shown = wrong.isEmpty() ? lines : wrong;
        return String.join("\n", shown.subList(Math.max(0, shown.size() - LINES), shown.size()));
    }

    /** Sends a signal by its name, such as INT. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
