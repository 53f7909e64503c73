package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The lab on a terminal of its own, by {@code script} of util-linux. Closing it kills it, if it still runs. */
final class Terminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Ctrl-C reaches the shell too, and dash, unlike bash, wouldn't outlive it to tell the exit code. */
    private static final String BEFORE = "trap : INT; stty rows 40 cols 120; ";

    /** What the terminal says of itself afterwards, as a shell's next prompt would find it. */
    private static final String AFTERWARDS = "; echo \"code=$?\"; stty -a";

    private final Process script;
    private final Path transcript;

    private Terminal(Process script, Path transcript) {
        this.script = script;
        this.transcript = transcript;
    }

    /** Starts the lab as the user who runs the tests, on a terminal of 120 columns. */
    static Terminal start(Path folder, String arguments) throws IOException {
        return start(folder, Map.of(), arguments);
    }

    /** The same, with these variables in the environment. */
    static Terminal start(Path folder, Map<String, String> environment, String arguments) throws IOException {
        Path transcript = Files.createTempFile("lab", ".terminal");
        String command = BEFORE + "'" + Installation.checkout().lab() + "' " + arguments + AFTERWARDS;
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec", command, transcript.toString())
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().remove("NO_COLOR");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        return new Terminal(builder.start(), transcript);
    }

    /** Waits until the terminal has shown this. */
    void awaitText(String text) {
        await().atMost(PATIENCE).until(() -> !script.isAlive() || text().contains(text));
        assertThat(text()).contains(text);
    }

    /** As {@link #awaitText}, for something that isn't the same each time. */
    void awaitPattern(String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().atMost(PATIENCE)
                .until(() -> !script.isAlive() || pattern.matcher(text()).find());
        assertThat(text()).containsPattern(pattern);
    }

    /** Presses keys. */
    void type(String keys) throws IOException {
        OutputStream keyboard = script.getOutputStream();
        keyboard.write(keys.getBytes(StandardCharsets.US_ASCII));
        keyboard.flush();
    }

    /** Waits until the lab has ended; gives all that the terminal has shown. */
    String awaitEnd() throws InterruptedException {
        assertThat(script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(text())
                .isTrue();
        return text();
    }

    @Override
    public void close() throws IOException {
        script.destroyForcibly();
        script.onExit().join();
        Files.deleteIfExists(transcript);
    }

    private String text() {
        try {
            // What is drawn may be cut within a character while it is read.
            return new String(Files.readAllBytes(transcript), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
