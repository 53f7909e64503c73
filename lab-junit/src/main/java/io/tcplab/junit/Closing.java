package io.tcplab.junit;

import java.util.Deque;

/** Closes what had been made before something failed. */
final class Closing {
    private Closing() {}

    /** The latest first; failures to close are reported with the test's failure. */
    static void all(Deque<AutoCloseable> made, Throwable failure) {
        while (!made.isEmpty()) {
            try {
                made.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }
}
