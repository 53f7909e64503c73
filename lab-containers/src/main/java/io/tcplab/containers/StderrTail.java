package io.tcplab.containers;

import java.nio.charset.StandardCharsets;

/** The end of what a container has written to its standard error. */
final class StderrTail {
    private static final int MOST_CHARS = 2000;
    private static final int LINES = 5;

    private final StringBuilder text = new StringBuilder();

    synchronized void add(byte[] piece) {
        text.append(new String(piece, StandardCharsets.UTF_8));
        text.delete(0, Math.max(0, text.length() - MOST_CHARS));
    }

    /** The last lines, in one; empty if there is none. */
    synchronized String text() {
        var lines = text.toString()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
