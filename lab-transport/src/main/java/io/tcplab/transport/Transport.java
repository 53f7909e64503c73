package io.tcplab.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way Netty talks to the kernel. Server and client take either; what TCP does afterwards is the same, which
 * the tests that run on each of them show.
 */
public enum Transport {
    /** Netty's own binding of {@code epoll(7)}. */
    EPOLL {
        @Override
        public Optional<String> unavailable() {
            return problem(
                    Epoll.unavailabilityCause(),
                    "use the transport nio, or run on Linux with Netty's native epoll library for this architecture");
        }

        @Override
        public IoHandlerFactory ioHandler() {
            return MendedEpoll.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannel() {
            return EpollServerSocketChannel.class;
        }

        @Override
        public Class<? extends Channel> clientChannel() {
            return EpollSocketChannel.class;
        }

        @Override
        public SocketChannel newClientChannel() {
            return new EpollSocketChannel();
        }
    },

    /** Netty's binding of {@code io_uring(7)}: operations are submitted, and the kernel completes them. */
    IO_URING {
        // The most that io_uring_setup(2) allows, 1 MiB a loop. A close takes up to five completions: with Netty's
        // 4096,
        // a thousand at once overflow the queue, and Netty warns of each time.
        private static final int COMPLETIONS = 1 << 16;

        @Override
        public Optional<String> unavailable() {
            return problem(
                    IoUring.unavailabilityCause(),
                    "use the transport epoll, or allow io_uring: kernel.io_uring_disabled=0, and a container's seccomp"
                            + " profile that permits io_uring_setup");
        }

        @Override
        public IoHandlerFactory ioHandler() {
            return MendedIoUring.newFactory(new IoUringIoHandlerConfig().setCqSize(COMPLETIONS));
        }

        // A buffer is given to the kernel with each read: as many at a time as connections have something to read.
        @Override
        public int mostOfARead() {
            return 1 << 14;
        }

        @Override
        public Class<? extends ServerChannel> serverChannel() {
            return IoUringServerSocketChannel.class;
        }

        @Override
        public Class<? extends Channel> clientChannel() {
            return IoUringSocketChannel.class;
        }

        @Override
        public SocketChannel newClientChannel() {
            return new IoUringSocketChannel();
        }
    },

    /** The JDK's {@code java.nio} selector; it works wherever Java does. */
    NIO {
        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public IoHandlerFactory ioHandler() {
            return NioIoHandler.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannel() {
            return NioServerSocketChannel.class;
        }

        @Override
        public Class<? extends Channel> clientChannel() {
            return NioSocketChannel.class;
        }

        @Override
        public SocketChannel newClientChannel() {
            return new NioSocketChannel();
        }
    };

    static {
        NettySettings.apply();
    }

    /**
     * Lets Netty find the loopback, which it does once, in the namespace of the thread that first uses it. To be called in a
     * namespace that has one: in the one where an ordinary user's run starts lo is down, and Netty would log a stack trace.
     */
    public static void findLoopback() {
        Objects.requireNonNull(NetUtil.LOCALHOST);
    }

    /** Why this transport can't be used here and what helps; empty when it can. */
    public abstract Optional<String> unavailable();

    /** Makes the I/O handler of each event loop; {@link EventLoops#start} is what asks for it. */
    public abstract IoHandlerFactory ioHandler();

    /** Bytes that a read should take at most. */
    public int mostOfARead() {
        return 1 << 16;
    }

    /** The channel to listen with. */
    public abstract Class<? extends ServerChannel> serverChannel();

    /** The channel to connect with. */
    public abstract Class<? extends Channel> clientChannel();

    /**
     * A new socket to connect with, not yet registered with a loop. For a client that opens thousands a second, and so
     * without a bootstrap between.
     *
     * @throws io.netty.channel.ChannelException when there is no socket to be had ({@link Errnos#nameOf}: EMFILE,
     *     ENFILE)
     */
    public abstract SocketChannel newClientChannel();

    /** The name a user writes: {@code epoll}, {@code io_uring} or {@code nio}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The transport a user named; case doesn't matter, and {@code -} stands for {@code _}.
     *
     * @throws IllegalArgumentException naming the nearest and the choices, when there is no such transport
     */
    public static Transport parse(String text) {
        String wanted = text.toLowerCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values())
                .filter(transport -> transport.label().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Choices.unknown("transport", text, labels()));
    }

    /**
     * This one; or epoll in the place of io_uring where that is forbidden, as most containers' seccomp profiles do. Both
     * show a program the same of a connection, which NIO doesn't. An experiment takes what it names, and never this.
     *
     * @param told gets a sentence if it isn't this one
     */
    public Transport orEpoll(Consumer<String> told) {
        if (this != IO_URING) {
            return this;
        }
        Optional<String> why = unavailable();
        why.ifPresent(cause -> told.accept("io_uring isn't usable here, using epoll instead; " + cause));
        return why.isPresent() ? EPOLL : this;
    }

    private static List<String> labels() {
        return Arrays.stream(values()).map(Transport::label).toList();
    }

    private static Optional<String> problem(@Nullable Throwable cause, String remedy) {
        return Optional.ofNullable(cause).map(thrown -> rootMessage(thrown) + ": " + remedy);
    }

    /** Netty wraps what the kernel or the linker said in several layers; only the innermost tells the user anything. */
    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
