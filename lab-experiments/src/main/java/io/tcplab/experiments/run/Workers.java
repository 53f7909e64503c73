package io.tcplab.experiments.run;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Waiting for the threads that runs go on. */
public final class Workers {
    private Workers() {}

    /**
     * Waits for what a run gives.
     *
     * @throws InterruptedException if this thread, or the run, was interrupted
     * @throws IllegalStateException if the run broke off
     */
    public static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("a run failed", e.getCause());
        }
    }

    /** Cells must be gone before anyone goes on, even someone in a hurry; each closes within about a second. */
    public static void closeUninterruptibly(ExecutorService threads) {
        boolean interrupted = Thread.interrupted();
        threads.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
