package io.tcplab.experiments.cell;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Closes the parts of a cell in turn; what fails to close doesn't keep the others open. */
public final class Closing {
    private Closing() {}

    /**
     * Closes the running ones, the latest first, then the others in order.
     *
     * @throws KernelException if the kernel refused the first that failed; the others are suppressed
     * @throws IllegalStateException if the first failed for another reason
     */
    public static void all(Deque<? extends AutoCloseable> running, AutoCloseable... others) {
        List<AutoCloseable> parts = popped(running);
        parts.addAll(List.of(others));
        try {
            Release.all(parts);
        } catch (KernelException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException("a part of the cell did not close: " + e.getMessage(), e);
        }
    }

    /**
     * Closes what there is of a cell whose making failed, the latest first.
     *
     * @return that failure, to be thrown; what failed to close is suppressed in it
     */
    public static RuntimeException after(RuntimeException failure, Deque<? extends AutoCloseable> made) {
        return Release.after(failure, popped(made));
    }

    private static List<AutoCloseable> popped(Deque<? extends AutoCloseable> running) {
        List<AutoCloseable> parts = new ArrayList<>();
        while (!running.isEmpty()) {
            parts.add(running.pop());
        }
        return parts;
    }
}
