package io.tcplab.cli.it;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A well-behaved client: asks again and again, on a connection each time, and is patient. */
final class Neighbour implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int TRIES = 4;
    private static final int REST_MILLIS = 20;

    private final InetSocketAddress target;
    private final byte[] question;
    private final boolean endsFirst;
    private final Predicate<String> isAnswer;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile long longestNanos;
    private volatile String last = "";

    private Neighbour(
            Namespace world, InetSocketAddress target, String question, boolean endsFirst, Predicate<String> isAnswer) {
        this.target = target;
        this.endsFirst = endsFirst;
        this.question = question.getBytes(StandardCharsets.US_ASCII);
        this.isAnswer = isAnswer;
        thread = world.threadFactory("neighbour").newThread(this::run);
    }

    /**
     * Begins.
     *
     * @param endsFirst whether it ends its side once it has asked
     * @param isAnswer of all that comes until the other end closes
     */
    static Neighbour of(
            Namespace world, InetSocketAddress target, String question, boolean endsFirst, Predicate<String> isAnswer) {
        Neighbour neighbour = new Neighbour(world, target, question, endsFirst, isAnswer);
        neighbour.thread.start();
        return neighbour;
    }

    private void run() {
        try {
            do {
                ask();
            } while (!end.await(REST_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As browsers and scrapers do, it tries again where it is cut off. */
    private void ask() {
        long begun = System.nanoTime();
        for (int i = 0; i < TRIES && (i == 0 || end.getCount() > 0); i++) {
            if (isAnswered()) {
                answered.incrementAndGet();
                atOnce.addAndGet(i == 0 ? 1 : 0);
                longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
                return;
            }
        }
        unanswered.incrementAndGet();
    }

    private boolean isAnswered() {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // thousands of TIME_WAITs would say nothing
            Socket socket = channel.socket();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(target, PATIENCE_MILLIS);
            socket.getOutputStream().write(question);
            if (endsFirst) {
                socket.shutdownOutput();
            }
            last = all(socket.getInputStream());
            return isAnswer.test(last);
        } catch (IOException cutOff) {
            last = cutOff.toString();
            return false;
        }
    }

    private static String all(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    int answered() {
        return answered.get();
    }

    int unanswered() {
        return unanswered.get();
    }

    /** The last thing that it heard. */
    String last() {
        return last;
    }

    String figures() {
        return "%d of %d questions answered, %d at the first try, the longest in %.2f s"
                .formatted(answered(), answered() + unanswered(), atOnce.get(), longestNanos / 1e9);
    }

    @Override
    public void close() {
        Background.end(end, thread);
    }
}
