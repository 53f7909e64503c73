package io.tcplab.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/** Blocks the calling thread as a faulty handler would; {@link #close} ends all blocks at once, and any to come. */
final class Blocker implements AutoCloseable {
    // Both discard what comes after close(): connections that ask for a block then are being closed anyway.
    private final ExecutorService workers;
    private final ScheduledExecutorService clock;
    private final Set<Pipe.SinkChannel> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Threads are made when first needed. */
    Blocker(int workers, ThreadFactory threads) {
        this.workers = new ThreadPoolExecutor(
                workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads, new DiscardPolicy());
        this.clock = new ScheduledThreadPoolExecutor(1, threads, new DiscardPolicy());
    }

    void onWorker(Runnable task) {
        workers.execute(task);
    }

    /** Throws {@link UncheckedIOException} when there is no descriptor left for the pipe to block on. */
    void block(BlockBeforeClose.How how, Duration duration) {
        switch (how) {
            case IO -> awaitAnswer(duration);
            case SPIN -> spin(duration);
        }
    }

    private void spin(Duration duration) {
        long startedAt = System.nanoTime();
        while (!closed && System.nanoTime() - startedAt < duration.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private void awaitAnswer(Duration duration) {
        try {
            Pipe backEnd = Pipe.open();
            try (Pipe.SourceChannel source = backEnd.source();
                    Pipe.SinkChannel sink = backEnd.sink()) {
                readUntilHangUp(source, sink, duration);
            }
        } catch (ClosedByInterruptException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException("the pipe to block on", failure);
        }
    }

    /** The thread sits in {@code read(2)} until the pipe's other end is closed, by the clock or by {@link #close}. */
    private void readUntilHangUp(Pipe.SourceChannel source, Pipe.SinkChannel sink, Duration duration)
            throws IOException {
        unanswered.add(sink);
        try {
            var timer = clock.schedule(() -> hangUp(sink), duration.toNanos(), TimeUnit.NANOSECONDS);
            // After the sink was added: close() either sees the sink, or has been seen here.
            if (!closed) {
                int ignored = source.read(ByteBuffer.allocate(1));
            }
            timer.cancel(false);
        } finally {
            unanswered.remove(sink);
        }
    }

    private static void hangUp(Pipe.SinkChannel sink) {
        try {
            sink.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
        unanswered.forEach(Blocker::hangUp);
        // What is queued would block for nothing; who is blocked has just been released.
        workers.shutdownNow();
    }
}
