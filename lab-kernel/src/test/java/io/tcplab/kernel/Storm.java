package io.tcplab.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** Many short connections, as fast as a few threads can, the client closing first. */
public final class Storm {
    private static final int THREADS = 3;

    private Storm() {}

    /** Returns when all of the connections are over on both sides. */
    public static void run(TestCell cell, int connections) throws Exception {
        int each = connections / THREADS;
        try (ServerSocketChannel listener = cell.listen()) {
            int port = TestCell.port(listener);
            List<FutureTask<?>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                tasks.add(started(cell.server().threadFactory("storm-server"), () -> serve(listener, each)));
                tasks.add(started(cell.client().threadFactory("storm-client"), () -> connect(port, first, each)));
            }
            for (FutureTask<?> task : tasks) {
                task.get();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static FutureTask<?> started(ThreadFactory threads, Work work) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        threads.newThread(task).start();
        return task;
    }

    private static void serve(ServerSocketChannel listener, int connections) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        for (int i = 0; i < connections; i++) {
            try (SocketChannel connection = listener.accept()) {
                connection.read(buffer);
            }
        }
    }

    private static void connect(int port, int first, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel.open(new InetSocketAddress(TestCell.server(first + i), port))
                    .close();
        }
    }
}
