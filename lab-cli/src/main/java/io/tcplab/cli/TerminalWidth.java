package io.tcplab.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** How wide the terminal is; {@code stty}, which is in every Linux, asks it. */
final class TerminalWidth {
    private TerminalWidth() {}

    /** In columns; empty if it is unknown. */
    static OptionalInt ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor(1, TimeUnit.SECONDS) ? parse(answer) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** {@code rows columns}; a terminal that doesn't know says 0. */
    static OptionalInt parse(String answer) {
        String[] size = answer.strip().split(" ", -1);
        return size.length == 2 && size[1].matches("[1-9]\\d{0,4}")
                ? OptionalInt.of(Integer.parseInt(size[1]))
                : OptionalInt.empty();
    }
}
