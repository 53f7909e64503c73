package io.tcplab.containers;

import io.tcplab.kernel.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Talks to the engine on threads that nobody interrupts. An interrupt, which is what Ctrl-C comes to, closes docker-java's
 * connection in the middle of an answer: then it would be unknown what had been made and has to be removed.
 */
public final class Uninterruptibly {
    private Uninterruptibly() {}

    /** Does it, and returns when it is done; the caller stays interrupted. */
    public static <T> T call(Callable<T> action) {
        return all(List.of(action)).getFirst();
    }

    /** Does all of them at the same time. If one fails the others still end before this throws. */
    public static <T> List<T> all(List<? extends Callable<T>> actions) {
        List<FutureTask<T>> tasks =
                actions.stream().<FutureTask<T>>map(FutureTask::new).toList();
        tasks.forEach(task -> Thread.ofPlatform().daemon().name("engine").start(task));
        List<T> results = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (FutureTask<T> task : tasks) {
            try {
                results.add(Waits.uninterruptibly(task::get));
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            }
        }
        if (!failures.isEmpty()) {
            throw failure(failures);
        }
        return results;
    }

    private static RuntimeException failure(List<Throwable> failures) {
        RuntimeException first = failures.getFirst() instanceof RuntimeException unchecked
                ? unchecked
                : new CompletionException(failures.getFirst());
        failures.stream().skip(1).forEach(first::addSuppressed);
        return first;
    }
}
