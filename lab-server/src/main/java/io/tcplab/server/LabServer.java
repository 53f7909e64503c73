package io.tcplab.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.tcplab.kernel.KernelException;
import io.tcplab.transport.EventLoops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TCP server that treats its connections as a {@link Behaviour} says. The kernel does the rest, and shows it.
 *
 * <p>It listens, and has all its sockets, in the network namespace of the threads that its factory makes.
 */
public final class LabServer implements AutoCloseable {
    /** A loop that a handler blocks never ends; one that gets no processor does. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EventLoopGroup loops;
    private final Service service;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LabServer(EventLoopGroup loops, Service service) {
        this.loops = loops;
        this.service = service;
    }

    /**
     * Listens. On return the kernel completes handshakes; the process accepts them unless the behaviour is
     * {@link StopAccepting}.
     *
     * @param threads makes the event loops' threads, and those of a behaviour that blocks
     * @param registry takes the meters of {@link ServerMeter}; they stay in it after {@link #close()}
     * @throws KernelException when the address can't be listened on, with errno and remedy
     * @throws io.tcplab.transport.TransportUnavailable when the transport can't be used here
     */
    public static LabServer start(
            ServerOptions options, Behaviour behaviour, ThreadFactory threads, MeterRegistry registry) {
        Listening.check(options);
        EventLoopGroup loops = EventLoops.start(options.transport(), options.eventLoops(), threads);
        try {
            ServerMeters meters = new ServerMeters(registry, behaviour);
            Service service = DirectService.suits(options, behaviour)
                    ? DirectService.start(options, behaviour, loops, meters, PATIENCE)
                    : ChannelService.start(options, behaviour, loops, meters, threads, PATIENCE);
            watch(loops, meters);
            return new LabServer(loops, service);
        } catch (RuntimeException failure) {
            EventLoops.stop(loops, PATIENCE);
            throw failure;
        }
    }

    private static void watch(EventLoopGroup loops, ServerMeters meters) {
        int index = 0;
        for (EventExecutor loop : loops) {
            loop.execute(new LoopLag(loop, meters.loopLag(index++)));
        }
    }

    /** Where it listens, with the port that the kernel chose. */
    public InetSocketAddress address() {
        return service.address();
    }

    /**
     * Ends {@link StopAccepting}: accepts what is queued and what comes. A server that accepts already goes on as it
     * is.
     */
    public void resumeAccepting() {
        service.resumeAccepting();
    }

    /**
     * Closes the listener and all connections and ends the threads; a block before a close ends early. Callable again.
     *
     * <p>An interrupted caller stops waiting and keeps its interrupt status; the server goes down all the same.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            service.close();
        }
        EventLoops.stop(loops, PATIENCE);
        service.closeRest();
    }
}
