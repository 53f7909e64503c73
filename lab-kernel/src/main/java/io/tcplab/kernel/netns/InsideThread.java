package io.tcplab.kernel.netns;

import io.tcplab.kernel.Waits;
import java.util.concurrent.CompletableFuture;

/**
 * A thread that is inside a namespace once {@link #start} has returned. If it can't enter, start() says why: an executor that waits for
 * a thread that has ended waits for ever, and never closes what it opened.
 */
final class InsideThread extends Thread {
    private final Namespace namespace;
    private final Runnable task;
    private final CompletableFuture<Boolean> entered = new CompletableFuture<>();

    /** One that is only started once its namespace is closed runs nothing: what it was made for is being closed, too. */
    InsideThread(Namespace namespace, String name, Runnable task) {
        super(name);
        this.namespace = namespace;
        this.task = task;
        setDaemon(true);
    }

    @Override
    public void start() {
        super.start();
        Waits.joined(entered);
    }

    @Override
    public void run() {
        if (enters()) {
            task.run();
        }
    }

    private boolean enters() {
        try {
            boolean enters = namespace.enterIfOpen();
            entered.complete(enters);
            return enters;
        } catch (RuntimeException | Error e) {
            entered.completeExceptionally(e);
            return false;
        }
    }
}
