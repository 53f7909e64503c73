package io.tcplab.client;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.tcplab.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Opens a loop's connections: each with a channel, or without one where the load and the plan can do without. */
final class Opener {
    private static final int SCRATCH_BYTES = 1 << 16;

    private final Generator generator;
    private final Load load;
    private final Talk talk;
    private final EventLoop loop;
    private final Dialer dialer;
    /** The load whose connections do without a channel; null: each has one. */
    private final @Nullable ShortLived direct;

    private final Scratch scratch;

    /** @param number the loop's */
    Opener(Generator generator, LoadPlan plan, Talk talk, EventLoop loop, int number) {
        this.generator = generator;
        this.load = plan.load();
        this.talk = talk;
        this.loop = loop;
        this.dialer = new Dialer(plan, number);
        this.direct = load instanceof ShortLived it && isDirect(plan) ? it : null;
        this.scratch = new Scratch(direct == null ? 0 : SCRATCH_BYTES);
    }

    /** Netty's own timer of a connect is its channel's, and so is its TLS. */
    private static boolean isDirect(LoadPlan plan) {
        return plan.transport() == Transport.EPOLL && plan.connectTimeout().isZero() && plan.tls() == null;
    }

    /**
     * Begins a connection with an operation on it; the generator hears of it before anything can end it.
     *
     * @throws ChannelException if there is no socket to be had
     */
    void open(long intended) {
        if (direct == null) {
            openChannel(dialer.socket(), intended);
        } else {
            openDirectly(direct, dialer.directSocket(), intended);
        }
    }

    private void openDirectly(ShortLived shortLived, Socket socket, long intended) {
        Dialer.Route route = dialer.next();
        DirectShortLived connection = new DirectShortLived(
                shortLived,
                generator,
                (IoEventLoop) loop,
                socket,
                scratch,
                talk.requests(route.target()),
                new Answers(talk.reader()));
        generator.opened(connection);
        connection.begin(intended);
        connection.connect(route);
    }

    private void openChannel(SocketChannel channel, long intended) {
        Dialer.Route route = dialer.next();
        Line line = talk.line(channel, route.target());
        ConnectionHandler handler = ConnectionHandler.of(load, generator, line);
        generator.opened(handler);
        handler.begin(intended);
        line.install(handler);
        ChannelFuture registered = loop.register(channel);
        if (registered.isSuccess()) {
            route.connect(channel).addListener(handler::connectEnded);
        } else {
            handler.neverRegistered(registered.cause());
        }
    }
}
