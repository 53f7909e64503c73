package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.kernels.Accelerator;
import io.tcplab.kernels.GuestMachine;
import io.tcplab.kernels.KernelsException;
import io.tcplab.report.KernelRun;
import io.tcplab.report.ResultsFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A command on several kernels: one guest after the other, or side by side where there are processors for it. */
final class KernelSession {
    private static final int PROCESSORS_OF_A_GUEST = 2;
    /** The gravest first. */
    private static final List<Integer> BY_GRAVITY =
            List.of(ExitCode.INTERRUPTED, ExitCode.INTERNAL, ExitCode.USAGE, ExitCode.REFUTED, ExitCode.INCONCLUSIVE);

    private final Screen screen;
    private final KernelOption option;
    private final List<KernelOption.Lane> lanes;

    /**
     * What came of it.
     *
     * @param runs in the order of the kernels; of those that Ctrl-C came before none
     * @param code the gravest of their exit codes
     */
    record Result(List<KernelRun> runs, int code) {
        boolean interrupted() {
            return code == ExitCode.INTERRUPTED;
        }
    }

    KernelSession(Screen screen, KernelOption option, List<KernelOption.Lane> lanes) {
        this.screen = screen;
        this.option = option;
        this.lanes = lanes;
    }

    /**
     * Runs the command that the user typed on each.
     *
     * @param more options for it, such as {@code --seed=7}, in place of those that the user typed
     */
    Result run(ResultsFolder folder, List<String> more) throws IOException {
        List<String> command = LabCommand.again(option.typed(), more);
        int perGuest = Accelerator.best() == Accelerator.KVM ? PROCESSORS_OF_A_GUEST : 1;
        int sideBySide = Math.clamp(Runtime.getRuntime().availableProcessors() / perGuest, 1, lanes.size());
        // Their threads live until the pool is shut down, and a guest dies with the thread that started it.
        try (KernelProgress progress = new KernelProgress(screen);
                ExecutorService pool = Executors.newFixedThreadPool(sideBySide)) {
            KernelLane.Shared shared =
                    new KernelLane.Shared(machine(sideBySide), command, option.silence(), folder.path(), progress);
            List<Future<KernelLane.Ended>> tasks = lanes.stream()
                    .map(lane -> pool.submit(() -> new KernelLane(lane, shared).run()))
                    .toList();
            return result(tasks, pool);
        }
    }

    private Optional<GuestMachine> machine(int sideBySide) {
        if (lanes.stream().allMatch(lane -> lane.kernel().isEmpty())) {
            return Optional.empty();
        }
        try {
            return Optional.of(GuestMachine.here(sideBySide));
        } catch (KernelsException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** On Ctrl-C the guests are stopped, and what they had written by then is taken. */
    private static Result result(List<Future<KernelLane.Ended>> tasks, ExecutorService pool) {
        List<KernelRun> runs = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (Future<KernelLane.Ended> task : tasks) {
            try {
                KernelLane.Ended ended = await(task, pool, codes);
                runs.addAll(ended.run().stream().toList());
                codes.add(ended.code());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException mistake ? mistake : new IllegalStateException(e);
            }
        }
        return new Result(
                runs, BY_GRAVITY.stream().filter(codes::contains).findFirst().orElse(ExitCode.CONFIRMED));
    }

    private static KernelLane.Ended await(Future<KernelLane.Ended> task, ExecutorService pool, List<Integer> codes)
            throws ExecutionException {
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException e) {
                codes.add(ExitCode.INTERRUPTED);
                pool.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
            } catch (CancellationException e) {
                return new KernelLane.Ended(Optional.empty(), ExitCode.INTERRUPTED);
            }
        }
    }
}
