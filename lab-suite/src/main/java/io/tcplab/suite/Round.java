package io.tcplab.suite;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * All modules' tests once: several modules at a time, since most of a test's time is waiting.
 *
 * @param runs in the order in which they ended
 */
record Round(Selection selection, List<ModuleRun> runs, Duration took) {
    /** What takes longest starts first, so that nobody waits for it at the end. The others take less than a minute each. */
    private static final List<String> LONGEST_FIRST = List.of(
            "lab-zoo", "lab-cli", "lab-containers", "lab-client", "lab-experiments", "lab-compare", "lab-kernel");

    Round {
        runs = List.copyOf(runs);
    }

    /**
     * Runs them.
     *
     * @param atOnce this many modules at a time
     * @param ended called with each module at its end
     */
    static Round of(List<TestModule> modules, Selection selection, int atOnce, Path folder, Consumer<ModuleRun> ended)
            throws InterruptedException {
        long started = System.nanoTime();
        List<ModuleRun> runs = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            ExecutorCompletionService<ModuleRun> running = new ExecutorCompletionService<>(threads);
            for (TestModule module : inOrder(modules)) {
                running.submit(() -> ModuleRun.of(module, selection, folder.resolve(module.name())));
            }
            while (runs.size() < modules.size()) {
                ModuleRun run = running.take().get();
                runs.add(run);
                ended.accept(run);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("can't run a module's tests: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
        return new Round(selection, runs, Duration.ofNanos(System.nanoTime() - started));
    }

    List<TestResult> results() {
        return runs.stream().flatMap(run -> run.results().stream()).toList();
    }

    long count(Outcome outcome) {
        return runs.stream().mapToLong(run -> run.count(outcome)).sum();
    }

    List<TestResult> failed() {
        return results().stream()
                .filter(result -> result.outcome() == Outcome.FAILED)
                .toList();
    }

    boolean isGreen() {
        return runs.stream().allMatch(ModuleRun::isGreen);
    }

    private static List<TestModule> inOrder(List<TestModule> modules) {
        return modules.stream()
                .sorted(Comparator.comparingInt(module -> {
                    int place = LONGEST_FIRST.indexOf(module.name());
                    return place < 0 ? LONGEST_FIRST.size() : place;
                }))
                .toList();
    }
}
