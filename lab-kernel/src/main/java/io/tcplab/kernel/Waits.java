package io.tcplab.kernel;

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
