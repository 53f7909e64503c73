package io.tcplab.experiments.cell;

import io.tcplab.kernel.netns.Namespace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Gives each cell a network of its own, net.x.y.0/24. Cells can't see one another, but the tracepoint sees all of them and
 * has no field for the namespace: addresses are what tells their events apart.
 */
final class CellAddresses {
    /** The IPv4 wildcard. */
    static final InetAddress ANY = address(0, 0, 0, 0);

    private static final int FIRST_CLIENT = 1;
    private static final int FIRST_SERVER = 101;

    private static final int NAMESPACES = 10;
    private static final int LOOPBACK = 127;

    /** It begins anywhere, so that two labs on one host hardly ever meet. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 16));

    private CellAddresses() {}

    /** net.high.low.0/24: the client is .1 and on, the server .101 and on. */
    record Network(int net, int high, int low) {
        List<InetAddress> clients(int count) {
            return from(FIRST_CLIENT, count);
        }

        List<InetAddress> servers(int count) {
            return from(FIRST_SERVER, count);
        }

        private List<InetAddress> from(int first, int count) {
            return IntStream.range(first, first + count)
                    .mapToObj(last -> address(net, high, low, last))
                    .toList();
        }
    }

    /**
     * The network of the cell to which a namespace belongs: no other cell on this machine has it, another lab's neither.
     * The kernel numbers what is alive, and gives the lowest number that is free (proc_alloc_inum() in
     * fs/proc/generic.c).
     */
    static Network of(Namespace client) {
        return network(NAMESPACES, (int) client.inode());
    }

    /** A network of this host's loopback. */
    static Network onLoopback() {
        return network(LOOPBACK, NEXT.getAndIncrement());
    }

    private static Network network(int net, int number) {
        return new Network(net, (number >> 8) & 0xff, number & 0xff);
    }

    static InetAddress address(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not the length of an address: " + bytes.length, e);
        }
    }
}
