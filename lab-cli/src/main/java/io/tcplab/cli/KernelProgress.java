package io.tcplab.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How a command goes on on several kernels: a line for each that is redrawn in place, or for a log a line for each step. */
final class KernelProgress implements AutoCloseable {
    private final Screen screen;
    private final LiveLines lines;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private final Optional<Redrawing> redrawing;

    KernelProgress(Screen screen) {
        this.screen = screen;
        lines = new LiveLines(screen);
        redrawing = screen.errIsTerminal() ? Optional.of(Redrawing.start(this::draw)) : Optional.empty();
    }

    synchronized void step(String kernel, String what) {
        steps.put(kernel, what);
        if (!screen.errIsTerminal()) {
            screen.err().println(kernel + ": " + what);
        }
    }

    synchronized void finished(String kernel) {
        steps.remove(kernel);
    }

    /** What is to stay. */
    synchronized void note(String text) {
        if (screen.errIsTerminal()) {
            lines.clear();
        }
        screen.err().println("lab: " + text);
    }

    @Override
    public void close() {
        redrawing.ifPresent(drawing -> {
            drawing.close();
            lines.close();
        });
    }

    private synchronized void draw() {
        List<String> below = steps.entrySet().stream()
                .map(step -> "  " + step.getKey() + ": " + step.getValue())
                .toList();
        lines.below(below);
        lines.accept("on other kernels: %d s".formatted(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)));
    }
}
