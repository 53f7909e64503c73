package io.tcplab.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrnosTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** Outside of ip_local_port_range: no connection attempt can meet itself. */
    private static final int PORT = 9;

    @ParameterizedTest
    @EnumSource
    void refusedConnectionHasOneNameOnEachTransport(Transport transport) {
        Throwable failure =
                failureToConnect(transport, new InetSocketAddress(LOOPBACK, PORT), new InetSocketAddress(LOOPBACK, 0));
        assertThat(Errnos.nameOf(failure)).isEqualTo("ECONNREFUSED");
    }

    @ParameterizedTest
    @EnumSource
    void foreignSourceAddressHasOneNameOnEachTransport(Transport transport) {
        Throwable failure = failureToConnect(
                transport, new InetSocketAddress(LOOPBACK, PORT), new InetSocketAddress("192.0.2.1", 0));
        assertThat(Errnos.nameOf(failure)).isEqualTo("EADDRNOTAVAIL");
    }

    /**
     * In a namespace without routes connect fails with ENETUNREACH, which Netty's native transports call by another
     * name.
     */
    @ParameterizedTest
    @EnumSource
    void missingRouteIsTold(Transport transport) {
        Throwable failure = failureToConnect(
                transport, new InetSocketAddress("192.0.2.1", PORT), new InetSocketAddress("0.0.0.0", 0));
        assertThat(Errnos.nameOf(failure)).isEqualTo(transport == Transport.NIO ? "ENETUNREACH" : "EHOSTUNREACH");
    }

    /** In a namespace without routes, in which nobody listens. */
    private static Throwable failureToConnect(Transport transport, InetSocketAddress target, InetSocketAddress source) {
        try (Namespace empty = Namespace.create("errnos-test")) {
            return empty.call(() -> failureToConnectHere(transport, target, source));
        }
    }

    private static Throwable failureToConnectHere(
            Transport transport, InetSocketAddress target, InetSocketAddress source) throws InterruptedException {
        EventLoopGroup loops = EventLoops.start(transport, 1, Thread::new);
        try {
            ChannelFuture connect = new Bootstrap()
                    .group(loops)
                    .channel(transport.clientChannel())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_000)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(target, source)
                    .await();
            return connect.cause();
        } finally {
            EventLoops.stop(loops, Duration.ofSeconds(20));
        }
    }

    @Test
    void wordsOfTheJdkAndOfNettyAreUnderstood() {
        assertThat(Errnos.find(new SocketException("Connection reset"))).hasValue(Errno.ECONNRESET);
        assertThat(Errnos.find(new IOException("Connection reset by peer"))).hasValue(Errno.ECONNRESET);
        assertThat(Errnos.find(new IOException("Broken pipe"))).hasValue(Errno.EPIPE);
        assertThat(Errnos.find(new SocketException("Too many open files"))).hasValue(Errno.EMFILE);
        assertThat(Errnos.find(new SocketException("Connection timed out"))).hasValue(Errno.ETIMEDOUT);
        assertThat(Errnos.find(new ConnectException("finishConnect(..) failed with error(-110): Connection timed out")))
                .hasValue(Errno.ETIMEDOUT);
        assertThat(Errnos.find(new IllegalStateException(new IOException("Broken pipe"))))
                .hasValue(Errno.EPIPE);
    }

    @Test
    void whatIsNoErrnoKeepsTheNameOfItsClass() {
        assertThat(Errnos.nameOf(new ConnectTimeoutException("connection timed out: /192.0.2.1:9")))
                .isEqualTo("ConnectTimeoutException");
        assertThat(Errnos.nameOf(new ClosedChannelException())).isEqualTo("ClosedChannelException");
        assertThat(Errnos.find(new IOException())).isEmpty();
    }
}
