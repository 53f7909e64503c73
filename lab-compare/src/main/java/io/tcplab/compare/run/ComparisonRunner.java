package io.tcplab.compare.run;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.cell.Capacity;
import io.tcplab.experiments.run.MeasuredRun;
import io.tcplab.experiments.run.Measuring;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Carries out a plan. Runs that wait for the kernel's timers go side by side, as far as the process's file descriptors
 * allow; runs that are limited by the processor go alone. A run that lacks evidence is repeated, and then dropped.
 */
public final class ComparisonRunner {
    private static final int MOST_ATTEMPTS = 3;

    private final Plan plan;
    private final CompareListener listener;
    private final Semaphore descriptors =
            new Semaphore((int) Capacity.ofThisProcess().descriptors(), true);

    /** A runner for one plan, all of whose sandboxes are available. */
    public ComparisonRunner(Plan plan, CompareListener listener) {
        this.plan = plan;
        this.listener = listener;
    }

    /**
     * Runs all of it.
     *
     * @param samples is given each trial as it ends, on the run's own thread; warm-ups, and what was interrupted, give none
     * @throws InterruptedException if the calling thread was interrupted; by then all cells are gone
     */
    public void run(Consumer<Sample> samples) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(
                plan.sideBySide(), Thread.ofPlatform().name("compare-", 1).factory());
        try {
            List<Future<?>> all = plan.order().stream()
                    .<Future<?>>map(run -> threads.submit(() -> {
                        one(run, samples);
                        return null;
                    }))
                    .toList();
            for (Future<?> each : all) {
                Workers.await(each);
            }
        } finally {
            threads.shutdownNow();
            Workers.closeUninterruptibly(threads);
        }
    }

    private void one(PlannedRun run, Consumer<Sample> samples) throws InterruptedException {
        PreparedRun prepared = run.planned().run();
        // Where each host has its own they are no budget that runs share.
        int taken = run.planned().sandbox().capacity().shared() ? prepared.descriptors() : 0;
        descriptors.acquire(taken);
        try {
            List<String> failed = new ArrayList<>();
            MeasuredRun measured = attempt(run);
            while (!measured.isWhole() && prepared.obstacle().isEmpty() && failed.size() + 1 < MOST_ATTEMPTS) {
                failed.add(measured.problem());
                listener.repeated(run, measured.problem());
                measured = attempt(run);
            }
            if (!run.isWarmUp()) {
                samples.accept(new Sample(run.planned().setting().number(), run.trial(), measured, failed));
            }
            listener.ended(run, measured.isWhole() ? List.of() : List.of(measured.problem()));
        } finally {
            descriptors.release(taken);
        }
    }

    private MeasuredRun attempt(PlannedRun run) throws InterruptedException {
        listener.started(run);
        RunListener steps = new RunListener() {
            @Override
            public void step(PreparedRun prepared, Arm arm, String what) {
                listener.step(run, what);
            }
        };
        return new Measuring(run.planned().sandbox(), steps).run(run.planned().run(), plan.watched());
    }
}
