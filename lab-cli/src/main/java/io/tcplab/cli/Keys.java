package io.tcplab.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys that a user presses while something is drawn; the terminal is put back as it was. */
final class Keys implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final @Nullable InputStream terminal;
    private final String settings;

    private Keys(@Nullable InputStream terminal, String settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    /** No key is ever pressed. */
    static Keys none() {
        return new Keys(null, "");
    }

    /** Those of the terminal, each as it is pressed and not shown; none if it can't be had. */
    static Keys ofTerminal() throws InterruptedException {
        try {
            String settings = stty("-g").strip();
            if (settings.isEmpty()) {
                return none();
            }
            InputStream terminal = new FileInputStream("/dev/tty");
            stty("-icanon", "-echo", "min", "0", "time", "0");
            return new Keys(terminal, settings);
        } catch (IOException e) {
            return none();
        }
    }

    /** Waits until then, on System.nanoTime's clock; true at once if q is pressed. */
    boolean awaitQuit(long nanos) throws InterruptedException, IOException {
        while (true) {
            if (isQuit()) {
                return true;
            }
            long left = nanos - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // A terminal has no wait with a deadline that can be interrupted, so it is asked now and then.
            Thread.sleep(Duration.ofNanos(Math.min(left, terminal == null ? left : PAUSE.toNanos())));
        }
    }

    @Override
    public void close() throws IOException {
        if (terminal != null) {
            terminal.close();
            boolean interrupted = Thread.interrupted();
            try {
                stty(settings);
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private boolean isQuit() throws IOException {
        if (terminal == null) {
            return false;
        }
        int key;
        // With min 0 and time 0 a read that finds nothing says end of file.
        while ((key = terminal.read()) >= 0) {
            if (key == 'q' || key == 'Q') {
                return true;
            }
        }
        return false;
    }

    private static String stty(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process stty = new ProcessBuilder(command)
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        stty.waitFor();
        return answer;
    }
}
