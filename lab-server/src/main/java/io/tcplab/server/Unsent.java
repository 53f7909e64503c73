package io.tcplab.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What the channels of one event loop have written and the kernel hasn't taken, and what a behaviour holds back before it
 * writes; only that loop touches it.
 *
 * <p>Where there is no room for more, those give way that have had something waiting for the longest time: else some that never
 * read would end the service for all others.
 */
final class Unsent {
    /** Of as much memory as the heap may have, for what waits. */
    private static final int PART = 8;

    private final long most;
    private final SequencedMap<Channel, Long> waiting = new LinkedHashMap<>();
    private long bytes;

    /**
     * Holds nothing yet.
     *
     * @param most bytes that are kept, at most
     */
    Unsent(long most) {
        this.most = most;
    }

    /** The bytes that each of so many loops may keep. */
    static long mostOfEach(int loops) {
        return Runtime.getRuntime().maxMemory() / PART / loops;
    }

    /** To be called before a write, and for what is held back. */
    void add(Channel connection, int size) {
        while (bytes + size > most && !waiting.isEmpty()) {
            giveUp(waiting.sequencedKeySet().getFirst());
        }
        waiting.merge(connection, (long) size, Long::sum);
        bytes += size;
    }

    /** To be called when a write is done or has failed, and for what is no longer held back. */
    void remove(Channel connection, int size) {
        Long own = waiting.get(connection);
        if (own == null) {
            return; // given up meanwhile
        }
        bytes -= size;
        if (own > size) {
            waiting.put(connection, own - size);
        } else {
            waiting.remove(connection);
        }
    }

    /** By a reset: a peer that doesn't read would otherwise have the kernel probe its window for minutes. */
    private void giveUp(Channel connection) {
        Long own = waiting.remove(connection);
        bytes -= own == null ? 0 : own;
        try {
            connection.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException gone) {
            // Then nothing is left to reset.
        }
        EchoHandler.close(connection);
    }
}
