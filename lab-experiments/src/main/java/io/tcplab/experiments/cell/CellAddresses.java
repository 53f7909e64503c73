package io.tcplab.experiments.cell;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Gives each cell a network of its own, net.x.y.0/24. Cells can't see one another, but the tracepoint sees all of them and
 * has no field for the namespace: addresses are what tells their events apart. It begins anywhere, so that two labs on one
 * machine hardly ever meet.
 */
final class CellAddresses {
    /** The IPv4 wildcard. */
    static final InetAddress ANY = address(0, 0, 0, 0);

    private static final int FIRST_CLIENT = 1;
    private static final int FIRST_SERVER = 101;

    private final int net;
    private final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 16));

    /** Networks below {@code net.0.0.0/8}. */
    CellAddresses(int net) {
        this.net = net;
    }

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

    Network next() {
        int number = next.getAndIncrement();
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
