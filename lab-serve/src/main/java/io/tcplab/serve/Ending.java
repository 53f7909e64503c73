package io.tcplab.serve;

/** Waits for a thread that ends soon. */
final class Ending {
    private Ending() {}

    /** Not to be interrupted: what the thread uses is closed afterwards. Keeps the interrupt for later. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
