package io.tcplab.kernel.sockets;

import java.net.InetAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Addresses by their bytes, so that a hundred thousand sockets of one host share one object. Direct-mapped: a collision
 * only costs a new object.
 */
final class AddressCache {
    private static final int SLOTS = 1 << 12;

    private final @Nullable InetAddress[] addresses = new @Nullable InetAddress[SLOTS];
    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];

    /**
     * The address of these bytes.
     *
     * @param high the first eight bytes
     * @param low the last eight, different from any other address's with the same first eight
     * @param made makes the address when it isn't here
     */
    InetAddress get(long high, long low, Supplier<InetAddress> made) {
        long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> (Long.SIZE - 12));
        InetAddress kept = addresses[slot];
        if (kept != null && highs[slot] == high && lows[slot] == low) {
            return kept;
        }
        InetAddress address = made.get();
        addresses[slot] = address;
        highs[slot] = high;
        lows[slot] = low;
        return address;
    }
}
