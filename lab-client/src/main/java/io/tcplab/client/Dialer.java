package io.tcplab.client;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets as the plan says and knows which address comes next. One for each loop, and only the loop calls it: a socket
 * belongs to the network namespace of the thread that made it.
 *
 * <p>Without a bootstrap, which would hand each connect over to the loop's task queue and copy its options each time.
 */
final class Dialer {
    // Of include/uapi/linux/in.h.
    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;

    private static final ChannelOption<Integer> BIND_ADDRESS_NO_PORT =
            new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);

    private final LoadPlan plan;
    private long next;

    /** @param first the loop's number: the loops deal the addresses out among themselves like cards */
    Dialer(LoadPlan plan, int first) {
        this.plan = plan;
        this.next = first;
    }

    /** A socket that isn't connected yet; throws what Netty throws when there is none to be had. */
    SocketChannel socket() {
        SocketChannel channel = plan.transport().newClientChannel();
        try {
            configure(channel.config());
            return channel;
        } catch (RuntimeException refused) {
            channel.unsafe().closeForcibly();
            throw refused;
        }
    }

    /**
     * Where a connection goes, and where from.
     *
     * @param source null: the kernel chooses
     */
    record Route(InetSocketAddress target, @Nullable InetSocketAddress source) {
        ChannelFuture connect(SocketChannel channel) {
            return source == null ? channel.connect(target) : channel.connect(target, source);
        }
    }

    /** To the next target from the next source. */
    Route next() {
        List<InetSocketAddress> targets = plan.targets();
        List<InetSocketAddress> sources = plan.sources();
        long number = next;
        next += plan.eventLoops();
        InetSocketAddress target = targets.get((int) (number % targets.size()));
        // Slower than the targets, so that each source meets each target even when their numbers share a factor.
        return new Route(
                target, sources.isEmpty() ? null : sources.get((int) (number / targets.size() % sources.size())));
    }

    /** A socket without a channel, as {@link #socket()} makes one with it. */
    Socket directSocket() {
        Socket socket = LinuxSocket.newSocketStream();
        try {
            if (plan.lingerZero()) {
                socket.setSoLinger(0);
            }
            if (!plan.sources().isEmpty()) {
                socket.setReuseAddress(true);
                socket.setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
            }
            return socket;
        } catch (IOException refused) {
            close(socket);
            throw new ChannelException(refused);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException told) {
            // The descriptor is free all the same.
        }
    }

    private void configure(SocketChannelConfig config) {
        config.setConnectTimeoutMillis((int) plan.connectTimeout().toMillis());
        if (plan.lingerZero()) {
            config.setSoLinger(0);
        }
        if (!plan.sources().isEmpty()) {
            config.setReuseAddress(true);
            if (plan.transport() != Transport.NIO) {
                config.setOption(BIND_ADDRESS_NO_PORT, 1);
            }
        }
    }
}
