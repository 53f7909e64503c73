package io.tcplab.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link WellBehaved} and {@link NeverClose} on epoll without a channel for each connection: a storm's server, and one that holds
 * very many. The first loop accepts; each connection is served by the loop whose turn it is.
 */
final class DirectService implements Service {
    private final List<DirectLoop> loops;
    private final DirectListener listener;
    private final InetSocketAddress address;
    private final Duration patience;

    private DirectService(List<DirectLoop> loops, DirectListener listener, Duration patience) {
        this.loops = loops;
        this.listener = listener;
        this.address = listener.address();
        this.patience = patience;
    }

    static boolean suits(ServerOptions options, Behaviour behaviour) {
        return options.transport() == Transport.EPOLL
                && (behaviour instanceof WellBehaved || behaviour instanceof NeverClose);
    }

    /**
     * Listens, and accepts.
     *
     * @throws io.tcplab.kernel.KernelException when the address can't be listened on
     */
    static DirectService start(
            ServerOptions options, Behaviour behaviour, EventLoopGroup group, ServerMeters meters, Duration patience) {
        List<DirectLoop> loops = new ArrayList<>();
        long mostUnsent = Unsent.mostOfEach(options.eventLoops());
        group.forEach(loop -> loops.add(new DirectLoop((IoEventLoop) loop, behaviour, meters, mostUnsent)));
        // On a loop: a socket belongs to the network namespace of the thread that makes it.
        Future<DirectListener> listening = loops.getFirst().loop().submit(() -> listen(options, loops, meters));
        listening.awaitUninterruptibly();
        if (!listening.isSuccess()) {
            throw Listening.refused(options, listening.cause());
        }
        return new DirectService(loops, listening.getNow(), patience);
    }

    private static DirectListener listen(ServerOptions options, List<DirectLoop> loops, ServerMeters meters)
            throws IOException {
        Socket socket = LinuxSocket.newSocketStream();
        try {
            socket.setReuseAddress(options.reuseAddress());
            socket.bind(options.bind());
            socket.listen(options.backlog());
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
        DirectListener listener = new DirectListener(loops, socket, meters);
        listener.resume();
        return listener;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** It always accepts. */
    @Override
    public void resumeAccepting() {}

    @Override
    public void close() {
        Service.await(listener.closeOnLoop(), patience);
        loops.stream().map(DirectLoop::closeAll).toList().forEach(closed -> Service.await(closed, patience));
    }

    @Override
    public void closeRest() {}
}
