package io.tcplab.cli;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for a person: a bar for all runs together, and under it what each is doing, redrawn in place. */
final class LiveProgress implements Progress {
    private static final long PERIOD_MILLIS = 200;
    /** A run that takes longer than it said stays just short of its end. */
    private static final double NEARLY = 0.97;

    private final LiveLines lines;
    private final ProgressBar bar;
    private final Map<PreparedRun, Long> expectedMillis = new LinkedHashMap<>();
    private final Map<PreparedRun, Long> startedAt = new LinkedHashMap<>();
    private final Map<PreparedRun, String> steps = new LinkedHashMap<>();
    private final List<PreparedRun> finished = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    LiveProgress(Screen screen, List<PreparedRun> runs) {
        lines = new LiveLines(screen);
        runs.forEach(run -> expectedMillis.put(
                run, Math.max(1, run.experiment().about(run.knobs()).toMillis())));
        bar = new ProgressBarBuilder()
                .setTaskName("lab run")
                .setInitialMax(expectedMillis.values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUnit(" s", TimeUnit.SECONDS.toMillis(1))
                .hideEta()
                // Its own timer stays idle: redraw() refreshes it.
                .setUpdateIntervalMillis(Integer.MAX_VALUE)
                .setConsumer(lines)
                .build();
        Thread.ofPlatform().daemon().name("progress").start(this::redraw);
    }

    @Override
    public synchronized void started(PreparedRun run) {
        startedAt.put(run, System.nanoTime());
    }

    @Override
    public synchronized void step(PreparedRun run, Arm arm, String what) {
        if (arm == Arm.FAULT) { // the control takes the same steps at about the same time
            steps.put(run, what);
        }
    }

    @Override
    public synchronized void finished(PreparedRun run, RunResult result) {
        finished.add(run);
        steps.remove(run);
    }

    @Override
    public void print(String text) {
        lines.print(text);
    }

    @Override
    public void close() {
        closed.countDown();
        bar.close();
        lines.close();
    }

    private void redraw() {
        try {
            do {
                tick();
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        long done = startedAt.entrySet().stream()
                .mapToLong(entry -> done(entry.getKey(), TimeUnit.NANOSECONDS.toMillis(now - entry.getValue())))
                .sum();
        lines.below(steps.entrySet().stream()
                .map(step -> "  " + step.getKey().name() + ": " + step.getValue())
                .toList());
        bar.stepTo(done);
        bar.refresh();
    }

    private long done(PreparedRun run, long elapsedMillis) {
        long expected = expectedMillis.getOrDefault(run, 0L);
        return finished.contains(run) ? expected : Math.min(elapsedMillis, (long) (expected * NEARLY));
    }
}
