package io.tcplab.experiments.run;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at both hosts of a cell ten times a second, for the chart; verdicts don't rest on it. Since a look at many sockets
 * takes the kernel's time, looks grow rarer as they grow dearer, down to one a second.
 */
final class TimelineSampler implements AutoCloseable {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REST = 20;

    private final Cell cell;
    private final Consumer<Timeline.Sample> each;
    private final long start = System.nanoTime();
    private final Map<Role, Map<TcpState, Integer>> last = new EnumMap<>(Role.class);
    private final List<Timeline.Sample> samples = new ArrayList<>();
    private final Queue<Timeline.Step> steps = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CompletableFuture<Void> ended;
    private volatile boolean broken;

    TimelineSampler(Cell cell) {
        this(cell, sample -> {});
    }

    /**
     * Begins to look.
     *
     * @param each is given each sample that differs from the one before
     */
    TimelineSampler(Cell cell, Consumer<Timeline.Sample> each) {
        this.cell = cell;
        this.each = each;
        ended = CompletableFuture.runAsync(
                this::sample, Thread.ofPlatform().name("timeline").daemon()::start);
    }

    /** Stops, and gives what was seen. */
    Timeline stop() {
        close();
        return new Timeline(samples, List.copyOf(steps));
    }

    /** Stops, and gives what was seen, or nothing if a look failed: what came later may have been the most. */
    Timeline whole() {
        Timeline seen = stop();
        return broken ? Timeline.empty() : seen;
    }

    /** The experiment takes a step. */
    void step(String what) {
        steps.add(new Timeline.Step(secondsNow(), what));
    }

    private double secondsNow() {
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        stop.countDown();
        // Not to be interrupted: the cell must not be closed under the sampler, and a look is short.
        ended.join();
    }

    private void sample() {
        try {
            long rest;
            do {
                long before = System.nanoTime();
                for (Role role : Role.values()) {
                    look(role);
                }
                rest = Math.clamp(REST * (System.nanoTime() - before), PERIOD_NANOS, MOST_NANOS);
            } while (!stop.await(rest, TimeUnit.NANOSECONDS));
            for (Role role : Role.values()) {
                look(role);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (EvidenceMissing | KernelException e) {
            broken = true; // a chart that ends early is still a chart
        }
    }

    private void look(Role role) {
        double seconds = secondsNow();
        StateCounts counts = cell.host(role).states();
        if (!counts.byState().equals(last.put(role, counts.byState()))) {
            Timeline.Sample sample = new Timeline.Sample(seconds, role, counts);
            samples.add(sample);
            each.accept(sample);
        }
    }
}
