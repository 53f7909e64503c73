package io.tcplab.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * Gives each accepted connection the handler of the server's behaviour, and ends what loops don't end by themselves.
 */
@Sharable
final class Connections extends ChannelInitializer<Channel> {
    private final Behaviour behaviour;
    private final ServerMeters meters;
    private final Blocker blocker;
    /** Stays closed: who is accepted while the server closes is closed, too. */
    private final ChannelGroup served = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

    private final Map<EventLoop, Unsent> unsent = new ConcurrentHashMap<>();
    private final long mostUnsent;
    private final Set<Channel> unread = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /**
     * Serves nobody yet.
     *
     * @param mostUnsent bytes that each loop keeps for peers that don't read or aren't answered yet, at most
     */
    Connections(Behaviour behaviour, ServerMeters meters, ThreadFactory threads, long mostUnsent) {
        this.mostUnsent = mostUnsent;
        this.behaviour = behaviour;
        this.meters = meters;
        int workers = behaviour instanceof BlockBeforeClose blocking ? blocking.workers() : 1;
        blocker = new Blocker(workers, threads);
    }

    @Override
    protected void initChannel(Channel connection) {
        Unsent waiting = unsentOf(connection.eventLoop());
        connection.pipeline().addLast(new ConnectionProbe(meters, this, waiting), handler(waiting));
        served.add(connection);
    }

    private Unsent unsentOf(EventLoop loop) {
        return unsent.computeIfAbsent(loop, one -> new Unsent(mostUnsent));
    }

    private ChannelHandler handler(Unsent waiting) {
        return switch (behaviour) {
            case WellBehaved wellBehaved -> new WellBehaved.Handler(wellBehaved);
            case NeverClose neverClose -> new NeverClose.Handler();
            case BlockBeforeClose blocking -> new BlockBeforeClose.Handler(blocking, blocker);
            case HalfCloseThenSend sending -> new HalfCloseThenSend.Handler(sending);
            case LingerZero abortive -> new LingerZero.Handler(abortive);
            case SlowResponse slow -> new SlowResponse.Handler(slow, waiting);
            case PlainNetty plain -> new PlainNetty.Handler(plain);
            // Once it accepts, it is as it should be.
            case StopAccepting stopped -> new WellBehaved.Handler(new WellBehaved());
            case NeverRead neverRead -> throw new AssertionError("kept from the event loops: " + neverRead);
        };
    }

    /** Whether the behaviour wants an accepted connection untouched; it is then held here, without an event loop. */
    boolean holdsUnread(Channel connection) {
        return behaviour instanceof NeverRead && unread.add(connection);
    }

    /** From here on connections count as closed by the shutdown, and none blocks its loop. */
    void beginClose() {
        closing = true;
        blocker.close();
    }

    boolean closing() {
        return closing;
    }

    /** Closes what event loops serve; they must run until it is done, since on io_uring a close takes a few rounds. */
    ChannelGroupFuture closeServed() {
        return served.close();
    }

    /** Closes what no event loop knows of; the loops have ended. */
    void closeUnread() {
        unread.forEach(connection -> {
            if (unread.remove(connection)) {
                connection.unsafe().closeForcibly();
                meters.closed(CloseCause.SHUTDOWN);
            }
        });
    }
}
