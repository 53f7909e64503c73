package io.tcplab.experiments.run;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.cell.Sandbox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Carries out prepared runs, side by side as far as the sandbox takes them: each arm in a cell and on a
 * thread of its own. Interrupting {@link #run} ends the arms and gives what is there.
 */
public final class Runner {
    private final Sandbox sandbox;
    private final RunListener listener;
    private final ArtifactSink artifacts;
    private final Semaphore jobs;
    private final Semaphore descriptors;

    /** A runner in a sandbox that is available. */
    public Runner(Sandbox sandbox, RunListener listener) {
        this(sandbox, listener, ArtifactSink.none(), sandbox.capacity().jobs());
    }

    /**
     * One that keeps more of its runs than their verdicts need.
     *
     * @param jobs how many runs may go side by side, 1 or more
     */
    public Runner(Sandbox sandbox, RunListener listener, ArtifactSink artifacts, int jobs) {
        this.sandbox = sandbox;
        this.listener = listener;
        this.artifacts = artifacts;
        this.jobs = new Semaphore(jobs, true);
        descriptors = new Semaphore(
                Math.toIntExact(Math.min(Integer.MAX_VALUE, sandbox.capacity().descriptors())), true);
    }

    /**
     * Runs them all.
     *
     * @param results is given each result as its run ends, on the run's own thread; what was interrupted gives none
     * @throws InterruptedException if the calling thread was interrupted; by then all cells are gone
     */
    public void run(List<PreparedRun> runs, Consumer<RunResult> results) throws InterruptedException {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("run-", 1).factory());
        try {
            List<Future<?>> all = new ArrayList<>();
            StartGate gate = new StartGate();
            for (PreparedRun run : longestFirst(runs)) {
                jobs.acquire();
                descriptors.acquire(run.descriptors());
                gate.pass();
                all.add(threads.submit(() -> {
                    runOne(run, results);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                Workers.await(one);
            }
        } finally {
            threads.shutdownNow();
            Workers.closeUninterruptibly(threads);
        }
    }

    /** What waits for a long timer does so while the others start. */
    private static List<PreparedRun> longestFirst(List<PreparedRun> runs) {
        return runs.stream()
                .sorted(Comparator.comparing(
                                (PreparedRun run) -> run.experiment().about(run.knobs()))
                        .reversed())
                .toList();
    }

    private void runOne(PreparedRun run, Consumer<RunResult> results) throws InterruptedException {
        try {
            runNow(run, results);
        } finally {
            descriptors.release(run.descriptors());
            jobs.release();
        }
    }

    private void runNow(PreparedRun run, Consumer<RunResult> results) throws InterruptedException {
        listener.started(run);
        RunResult result =
                run.obstacle().isPresent() ? notStarted(run, run.obstacle().get()) : runArms(run);
        results.accept(result);
        listener.finished(run, result);
    }

    private RunResult runArms(PreparedRun run) throws InterruptedException {
        long start = System.nanoTime();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name(run.name() + "-", 1).factory());
        try {
            var fault = threads.submit(ArmRun.fault(run, sandbox, listener, artifacts));
            Optional<Future<ArmRun.Outcome>> control = run.withoutFault()
                    ? Optional.empty()
                    : Optional.of(threads.submit(ArmRun.control(run, sandbox, listener, artifacts)));
            ArmRun.Outcome faultOutcome = Workers.await(fault);
            Optional<ArmRun.Outcome> controlOutcome =
                    control.isPresent() ? Optional.of(Workers.await(control.get())) : Optional.empty();
            return result(run, faultOutcome, controlOutcome, (System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdownNow();
            Workers.closeUninterruptibly(threads);
        }
    }

    private static RunResult result(
            PreparedRun run, ArmRun.Outcome fault, Optional<ArmRun.Outcome> control, double seconds) {
        List<ExpectationResult> judged = Judge.judge(
                run.experiment().expectations(run.knobs()), fault.evidence(), control.map(ArmRun.Outcome::evidence));
        Verdict verdict = Judge.verdict(judged);
        return new RunResult(
                run.name(),
                run.trial(),
                verdict,
                Judge.reason(judged, verdict),
                seconds,
                run.knobs().plain(),
                fault.sysctls(),
                judged,
                fault.measurements(),
                fault.figures(),
                control.map(ArmRun.Outcome::figures).orElse(ArmFigures.none()));
    }

    private static RunResult notStarted(PreparedRun run, String reason) {
        var nothing = new Judge.ArmEvidence(Map.of(), reason);
        return new RunResult(
                run.name(),
                run.trial(),
                Verdict.INCONCLUSIVE,
                reason,
                0,
                run.knobs().plain(),
                new EnumMap<>(Map.of(Role.CLIENT, Map.of(), Role.SERVER, Map.of())),
                Judge.judge(run.experiment().expectations(run.knobs()), nothing, Optional.empty()),
                Map.of(),
                ArmFigures.none(),
                ArmFigures.none());
    }
}
