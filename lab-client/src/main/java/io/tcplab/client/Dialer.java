package io.tcplab.client;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Makes sockets as the plan says and knows which address comes next. One for each loop, and only the loop calls it: a socket
 * belongs to the network namespace of the thread that made it.
 *
 * <p>Without a bootstrap, which would hand each connect over to the loop's task queue and copy its options each time.
 */
final class Dialer {
    /** IPPROTO_IP and IP_BIND_ADDRESS_NO_PORT of include/uapi/linux/in.h. */
    private static final ChannelOption<Integer> BIND_ADDRESS_NO_PORT =
            new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", 0, 24);

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

    /** Connects to the next target from the next source. */
    ChannelFuture connect(SocketChannel channel) {
        List<InetSocketAddress> targets = plan.targets();
        List<InetSocketAddress> sources = plan.sources();
        long number = next;
        next += plan.eventLoops();
        InetSocketAddress target = targets.get((int) (number % targets.size()));
        if (sources.isEmpty()) {
            return channel.connect(target);
        }
        // Slower than the targets, so that each source meets each target even when their numbers share a factor.
        return channel.connect(target, sources.get((int) (number / targets.size() % sources.size())));
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
