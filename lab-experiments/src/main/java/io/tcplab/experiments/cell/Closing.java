package io.tcplab.experiments.cell;

import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Closes many things in turn; what fails to close doesn't keep the others open. */
public final class Closing {
    private Closing() {}

    /**
     * Closes the running ones, the latest first, then the others in order.
     *
     * @throws IllegalStateException if any failed, with the first failure as its cause and the others suppressed
     */
    public static void all(Deque<? extends AutoCloseable> running, AutoCloseable... others) {
        IllegalStateException failure = null;
        while (!running.isEmpty()) {
            failure = close(running.pop(), failure);
        }
        for (AutoCloseable other : others) {
            failure = close(other, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable IllegalStateException close(
            AutoCloseable closeable, @Nullable IllegalStateException failure) {
        try {
            closeable.close();
            return failure;
        } catch (Exception e) {
            if (failure == null) {
                return new IllegalStateException("a part of the cell did not close: " + closeable, e);
            }
            failure.addSuppressed(e);
            return failure;
        }
    }
}
