package io.tcplab.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar for all runs together, and under it what each is doing, redrawn in place.
 *
 * @param <R> what stands for a run
 */
final class LiveBar<R> implements AutoCloseable {
    /** A run that takes longer than it said stays just short of its end. */
    private static final double NEARLY = 0.97;

    private final LiveLines lines;
    private final ProgressBar bar;
    private final Function<R, String> title;
    private final int mostLines;
    private final Map<R, Long> expectedMillis = new LinkedHashMap<>();
    private final Map<R, Long> startedAt = new LinkedHashMap<>();
    private final Map<R, String> steps = new LinkedHashMap<>();
    private final List<R> finished = new ArrayList<>();
    private final Redrawing redrawing;

    /**
     * Draws at once.
     *
     * @param expected how long each run takes, about
     * @param mostLines for what each is doing
     */
    LiveBar(Screen screen, String task, Map<R, Duration> expected, Function<R, String> title, int mostLines) {
        this.title = title;
        this.mostLines = mostLines;
        lines = new LiveLines(screen);
        expected.forEach((run, time) -> expectedMillis.put(run, Math.max(1, time.toMillis())));
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(expectedMillis.values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUnit(" s", TimeUnit.SECONDS.toMillis(1))
                .hideEta()
                // Its own timer stays idle: tick() refreshes it.
                .setUpdateIntervalMillis(Integer.MAX_VALUE)
                .setConsumer(lines)
                .build();
        redrawing = Redrawing.start(this::tick);
    }

    synchronized void started(R run) {
        startedAt.put(run, System.nanoTime());
    }

    synchronized void step(R run, String what) {
        steps.put(run, what);
    }

    synchronized void finished(R run) {
        finished.add(run);
        steps.remove(run);
    }

    /** Prints what is to stay, above the bar. */
    void print(String text) {
        lines.print(text);
    }

    @Override
    public void close() {
        redrawing.close();
        bar.close();
        lines.close();
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        long done = startedAt.entrySet().stream()
                .mapToLong(entry -> done(entry.getKey(), TimeUnit.NANOSECONDS.toMillis(now - entry.getValue())))
                .sum();
        lines.below(steps.entrySet().stream()
                .limit(mostLines)
                .map(step -> "  " + title.apply(step.getKey()) + ": " + step.getValue())
                .toList());
        bar.stepTo(done);
        bar.refresh();
    }

    private long done(R run, long elapsedMillis) {
        long expected = expectedMillis.getOrDefault(run, 0L);
        return finished.contains(run) ? expected : Math.min(elapsedMillis, (long) (expected * NEARLY));
    }
}
