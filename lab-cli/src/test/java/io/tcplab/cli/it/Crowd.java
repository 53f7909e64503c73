package io.tcplab.cli.it;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Hostile peers of one habit. Whoever is cut off comes again. Closing it resets all of its connections. */
final class Crowd implements AutoCloseable {
    /** Small, so that thousands don't use up the machine's memory for TCP. */
    private static final int BUFFER = 4096;

    /** What one that sends all it can hands over at once. */
    private static final int LARGE_BUFFER = 128 << 10;

    private final InetSocketAddress target;
    private final Habit habit;
    private final boolean http;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Peer> peers = new ArrayList<>();
    private final ByteBuffer taken = ByteBuffer.allocateDirect(BUFFER);
    private final Thread thread;
    private final AtomicLong came = new AtomicLong();

    private static final class Peer {
        private final SocketChannel channel;
        private int turn;

        Peer(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private Crowd(Namespace world, InetSocketAddress target, Habit habit, boolean http, int size) {
        this.target = target;
        this.habit = habit;
        this.http = http;
        thread = world.threadFactory("crowd-" + habit).newThread(() -> run(size));
    }

    /** Begins. */
    static Crowd of(Namespace world, InetSocketAddress target, Habit habit, boolean http, int size) {
        Crowd crowd = new Crowd(world, target, habit, http, size);
        crowd.thread.start();
        return crowd;
    }

    private void run(int size) {
        try {
            do {
                peers.removeIf(peer -> !acts(peer));
                fill(size);
            } while (!end.await(habit.restMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            peers.forEach(Crowd::reset);
        }
    }

    private void fill(int size) {
        while (peers.size() < size && end.getCount() > 0) {
            SocketChannel channel = null;
            try {
                channel = SocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, habit == Habit.DEAF ? LARGE_BUFFER : BUFFER);
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.configureBlocking(false);
                channel.connect(target);
                came.incrementAndGet();
                peers.add(new Peer(channel));
            } catch (IOException refused) {
                if (channel != null) {
                    reset(new Peer(channel));
                }
                return; // for this turn
            }
        }
    }

    private boolean acts(Peer peer) {
        try {
            if (!peer.channel.isConnected() && !peer.channel.finishConnect()) {
                return true;
            }
            if (habit.reads() && !drained(peer.channel)) {
                reset(peer);
                return false;
            }
            if (habit.act(peer.channel, peer.turn++, http)) {
                return true;
            }
        } catch (IOException cut) {
            // As it should be.
        }
        reset(peer);
        return false;
    }

    /** False at the end. */
    private boolean drained(SocketChannel channel) throws IOException {
        taken.clear();
        return channel.read(taken) >= 0 || habit == Habit.HALF_CLOSED;
    }

    private static void reset(Peer peer) {
        try {
            peer.channel.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    /** How often they have come so far, all together. Some may have been cut off before they noticed that they were connected. */
    long came() {
        return came.get();
    }

    @Override
    public void close() {
        Background.end(end, thread);
    }
}
