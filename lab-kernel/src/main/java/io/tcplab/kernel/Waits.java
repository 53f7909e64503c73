package io.tcplab.kernel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for what must be over before anything else happens. */
public final class Waits {
    private Waits() {}

    /**
     * Something that blocks; after an interrupt it is asked again.
     *
     * @param <T> what it yields
     * @param <E> how it fails
     */
    @FunctionalInterface
    public interface Wait<T, E extends Exception> {
        T get() throws InterruptedException, E;
    }

    /**
     * What another thread's work comes to. Not interruptible.
     *
     * @throws RuntimeException what ended that work, as it is
     * @throws CompletionException around anything else that did
     */
    public static <T> T joined(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits to the end, however often this thread is interrupted; it stays interrupted. */
    public static <T, E extends Exception> T uninterruptibly(Wait<T, E> wait) throws E {
        return uninterruptibly(wait, () -> {});
    }

    /**
     * As {@link #uninterruptibly(Wait)}, and passes interrupts on.
     *
     * @param interrupted called at each of them
     */
    public static <T, E extends Exception> T uninterruptibly(Wait<T, E> wait, Runnable interrupted) throws E {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return wait.get();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    interrupted.run();
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
