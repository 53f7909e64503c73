package io.tcplab.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** A channel for each connection: any behaviour, any transport. */
record ChannelService(Channel listener, Connections connections, Duration patience) implements Service {
    static ChannelService start(
            ServerOptions options,
            Behaviour behaviour,
            EventLoopGroup loops,
            ServerMeters meters,
            ThreadFactory threads,
            Duration patience) {
        Connections connections = new Connections(behaviour, meters, threads, Unsent.mostOfEach(options.eventLoops()));
        boolean accepting = !(behaviour instanceof StopAccepting);
        Channel listener = Listening.start(options, loops, accepting, new Acceptor(meters, connections), connections);
        return new ChannelService(listener, connections, patience);
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void resumeAccepting() {
        listener.config().setAutoRead(true);
    }

    @Override
    public void close() {
        connections.beginClose();
        Service.await(listener.close(), patience);
        Service.await(connections.closeServed(), patience);
    }

    @Override
    public void closeRest() {
        connections.closeUnread();
    }
}
