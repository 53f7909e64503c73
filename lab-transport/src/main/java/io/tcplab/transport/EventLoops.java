package io.tcplab.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.ThreadFactory;

/** Starts the event loops of a program, on threads that someone else makes. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * A group of event loops, one thread each; shut it down when done.
     *
     * <p>A socket belongs to the network namespace of the thread that called {@code socket(2)}, and Netty calls that on
     * the thread that asks to bind or to connect. So the factory's threads enter their namespace before they run, and
     * <b>bind and connect must be called on a loop</b>: {@code group.next().submit(() -> bootstrap.connect(...))}.
     * Accepted sockets inherit the listener's namespace.
     *
     * @param threads how many loops; at least 1
     * @param factory makes the loops' threads; it must return platform threads, since {@code setns(2)} on a virtual
     *     thread would move its carrier
     * @throws IllegalStateException with the reason and the remedy, when the transport can't be used here
     */
    public static EventLoopGroup start(Transport transport, int threads, ThreadFactory factory) {
        if (threads < 1) {
            throw new IllegalArgumentException("event loops: " + threads + " is less than 1");
        }
        transport.unavailable().ifPresent(reason -> {
            throw new IllegalStateException("transport " + transport.label() + " can't be used here: " + reason);
        });
        return new MultiThreadIoEventLoopGroup(threads, factory, transport.ioHandler());
    }
}
