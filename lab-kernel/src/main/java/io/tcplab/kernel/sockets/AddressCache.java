package io.tcplab.kernel.sockets;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses by their bytes, so that a hundred thousand sockets of one host share one object. Direct-mapped: a collision
 * only costs a new object.
 */
final class AddressCache {
    private static final int SLOT_BITS = 12;
    private static final int SLOTS = 1 << SLOT_BITS;

    private final @Nullable InetAddress[] addresses = new @Nullable InetAddress[SLOTS];
    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];

    /**
     * The address of these bytes; null if it isn't here.
     *
     * @param high the first eight bytes
     * @param low the last eight, different from any other address's with the same first eight
     */
    @Nullable
    InetAddress find(long high, long low) {
        int slot = slot(high, low);
        return highs[slot] == high && lows[slot] == low ? addresses[slot] : null;
    }

    /** Keeps it, and gives it back. */
    InetAddress keep(long high, long low, InetAddress address) {
        int slot = slot(high, low);
        addresses[slot] = address;
        highs[slot] = high;
        lows[slot] = low;
        return address;
    }

    private static int slot(long high, long low) {
        long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> (Long.SIZE - SLOT_BITS));
    }
}
