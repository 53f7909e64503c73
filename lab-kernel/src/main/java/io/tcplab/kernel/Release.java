package io.tcplab.kernel;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Lets go of several things: one that fails to close must not keep the others open. */
public final class Release {
    private Release() {}

    /**
     * Closes them all, in this order.
     *
     * @throws RuntimeException the first failure, with the others as its suppressed ones
     */
    public static void all(AutoCloseable... things) {
        all(Arrays.asList(things));
    }

    /** As {@link #all(AutoCloseable...)}. */
    public static void all(Collection<? extends AutoCloseable> things) {
        RuntimeException failure = closeEach(things, null);
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Closes them all because something else failed.
     *
     * @return that failure, to be thrown; what failed to close is suppressed in it
     */
    public static RuntimeException after(RuntimeException failure, Collection<? extends AutoCloseable> things) {
        closeEach(things, failure);
        return failure;
    }

    /** As {@link #after(RuntimeException, Collection)}. */
    public static RuntimeException after(RuntimeException failure, AutoCloseable... things) {
        return after(failure, Arrays.asList(things));
    }

    private static @Nullable RuntimeException closeEach(
            Collection<? extends AutoCloseable> things, @Nullable RuntimeException before) {
        RuntimeException failure = before;
        for (AutoCloseable thing : things) {
            try {
                thing.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e instanceof RuntimeException known
                            ? known
                            : new IllegalStateException("could not close " + thing, e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        return failure;
    }
}
