package io.tcplab.serve;

import io.tcplab.kernel.Waits;

/** Waits for a thread that ends soon. */
final class Ending {
    private Ending() {}

    /** Not to be interrupted: what the thread uses is closed afterwards. Keeps the interrupt for later. */
    static void await(Thread thread) {
        Waits.uninterruptibly(() -> {
            thread.join();
            return thread;
        });
    }
}
