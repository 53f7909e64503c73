package io.tcplab.server;

import static org.awaitility.Awaitility.await;

import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.Transport;
import java.io.IOException;

/**
 * A process of its own, whose heap nobody else uses: holds some thousand connections of a server and prints how many bytes of it
 * each takes. Its peers are bare descriptors, of which the heap holds nothing.
 */
final class HeldConnections {
    private static final int FEW = 500;
    private static final int MANY = 4_500;

    private HeldConnections() {}

    /** Takes a behaviour. */
    public static void main(String[] args) throws IOException {
        int[] peers = new int[MANY];
        try (Bench bench = new Bench(Transport.EPOLL)) {
            bench.start(args[0]);
            connect(bench, peers, 0, FEW);
            long before = heap();
            connect(bench, peers, FEW, MANY);
            System.out.println((heap() - before) / (MANY - FEW));
            for (int peer : peers) {
                new FileDescriptor(peer).close();
            }
        }
    }

    private static void connect(Bench bench, int[] peers, int from, int to) {
        bench.namespace.run(() -> {
            for (int i = from; i < to; i++) {
                Socket peer = Socket.newSocketStream();
                peers[i] = peer.intValue();
                try {
                    peer.connect(bench.server().address());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        // Not by a census: the thread that waits could still hold it when the heap is looked at.
        await().atMost(Bench.DEADLINE).until(() -> bench.active() == to);
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
