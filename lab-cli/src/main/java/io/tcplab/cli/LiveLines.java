package io.tcplab.cli;

import java.util.List;
import me.tongfei.progressbar.ProgressBarConsumer;

/** The last lines of a terminal, redrawn in place; what is printed goes above them and stays. */
final class LiveLines implements ProgressBarConsumer {
    private static final String ESCAPE = "\u001b[";
    private static final String CLEAR_BELOW = "\r" + ESCAPE + "J";

    private final Screen screen;
    private List<String> below = List.of();
    private int drawn;
    private boolean closed;

    LiveLines(Screen screen) {
        this.screen = screen;
    }

    /** The lines under the bar, from its next drawing on. */
    synchronized void below(List<String> lines) {
        below = List.copyOf(lines);
    }

    /** Prints what is to stay. */
    synchronized void print(String text) {
        clear();
        screen.out().print(text);
        screen.out().flush();
    }

    @Override
    public int getMaxRenderedLength() {
        return screen.width() - 1;
    }

    @Override
    public synchronized void accept(String bar) {
        if (closed) {
            return;
        }
        StringBuilder all = new StringBuilder(erase()).append(bar.stripTrailing());
        below.forEach(line -> all.append('\n').append(cut(line)));
        drawn = 1 + below.size();
        screen.err().print(all);
        screen.err().flush();
    }

    @Override
    public synchronized void clear() {
        screen.err().print(erase());
        screen.err().flush();
        drawn = 0;
    }

    /** Erases the lines for good. */
    @Override
    public synchronized void close() {
        clear();
        closed = true;
    }

    /** Leaves the lines as they are, for good. */
    synchronized void keep() {
        if (drawn > 0 && !closed) {
            screen.err().println();
            screen.err().flush();
        }
        drawn = 0;
        closed = true;
    }

    private String erase() {
        if (drawn == 0) {
            return "";
        }
        return (drawn > 1 ? ESCAPE + (drawn - 1) + "A" : "") + CLEAR_BELOW;
    }

    /** A line that wraps would be counted as one. */
    private String cut(String line) {
        return line.length() < screen.width() ? line : line.substring(0, screen.width() - 2) + "…";
    }
}
