package io.tcplab.kernel.memory;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a namespace's TCP connections take of the kernel's memory: their socket objects, as large as the slab makes them, and what is in
 * their buffers. Not listeners; and not what a connection has beside its socket: an inode and a file while a process holds
 * it, a share of a port's bucket.
 *
 * @param atNanos when the kernel was asked, as System.nanoTime() says it (CLOCK_MONOTONIC)
 * @param objects how many there are of each object
 * @param objectBytes what these take
 * @param bufferBytes what their buffers hold, as allocated: see {@link io.tcplab.kernel.sockets.SocketBuffers#allocated}
 * @param consistent false if sock_diag and sockstat counted different sockets at each of the tries: too much changed meanwhile
 */
public record TcpMemory(
        long atNanos, Map<SocketObject, Integer> objects, long objectBytes, long bufferBytes, boolean consistent) {
    /** Copies the map. */
    public TcpMemory {
        objects = Collections.unmodifiableMap(new EnumMap<>(objects));
    }

    /** Objects and buffers together. */
    public long bytes() {
        return objectBytes + bufferBytes;
    }

    /** How many there are of this object. */
    public int count(SocketObject object) {
        return objects.getOrDefault(object, 0);
    }
}
