package io.tcplab.kernel.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Socket calls between two namespaces, and the errors that the kernel gives them. */
class SocketTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final TestCell cell = new TestCell();
    private final Sockets clients = new Sockets(cell.client());
    private final Sockets servers = new Sockets(cell.server());

    private record Pair(Socket client, Socket server) {}

    @AfterEach
    void close() throws IOException {
        clients.close();
        servers.close();
        cell.close();
    }

    @ParameterizedTest
    @CsvSource({"INET, 10.77.0.2", "INET6, fd77::2"})
    void aConversationFromTheFirstCallToTheLast(StandardProtocolFamily family, String address) throws Exception {
        Socket listener = listener(family, address);
        Pair pair = connect(family, listener);

        assertThat(pair.client().peer()).isEqualTo(new CallResult.Done<>(listener.local()));
        assertThat(pair.server().peer())
                .isEqualTo(new CallResult.Done<>(pair.client().local()));
        assertThat(pair.client()
                        .send("hello".getBytes(StandardCharsets.US_ASCII))
                        .orThrow("send"))
                .isEqualTo(5);
        assertThat(received(pair.server())).isEqualTo("hello");
        assertThat(pair.client().shutdownOutput().name()).isEqualTo("ok");
        assertThat(received(pair.server())).isEmpty();
        assertThat(pair.server().send(3).ok()).isTrue();
        assertThat(received(pair.client())).hasSize(3);
        assertThat(pair.client().error()).isEmpty();
    }

    @Test
    void aSocketLivesInItsNamespaceWhicheverThreadUsesIt() throws Exception {
        Pair pair = connect(listener());
        try (SockDiag ofClient = SockDiag.open(cell.client())) {
            assertThat(ofClient.census(SocketQuery.ofStates(TcpState.ESTABLISHED))
                            .sockets())
                    .singleElement()
                    .satisfies(socket ->
                            assertThat(socket.local()).isEqualTo(pair.client().local()));
        }
    }

    @Test
    void errorsAreAnswers() throws Exception {
        Socket listener = listener();
        assertThat(servers.open().bind(listener.local()).name()).isEqualTo("EADDRINUSE");
        assertThat(clients.open().bind(listener.local()).name()).isEqualTo("EADDRNOTAVAIL");
        InetSocketAddress nobody = new InetSocketAddress(TestCell.SERVER, 1);
        assertThat(clients.open().connect(nobody, SOON).name()).isEqualTo("ECONNREFUSED");
        assertThat(clients.open().peer().name()).isEqualTo("ENOTCONN");
        assertThat(clients.open().shutdownOutput().errno()).contains(Errno.ENOTCONN);
        assertThatThrownBy(() -> clients.open().peer().orThrow("getpeername"))
                .hasMessageContaining("getpeername: ENOTCONN");
    }

    @Test
    void aWaitEndsAsTheKernelsOwnWouldWhenItsTimeIsUp() throws Exception {
        Socket listener = listener();
        assertThat(listener.accept(AT_ONCE).name()).isEqualTo("EAGAIN");
        Pair pair = connect(listener);
        assertThat(pair.client().receive(1, AT_ONCE).name()).isEqualTo("EAGAIN");
        cell.misdirect(cell.client(), TestCell.SERVER);
        Socket unanswered = clients.open();
        assertThat(unanswered.connect(listener.local(), Duration.ofMillis(1)).name())
                .isEqualTo("EINPROGRESS");
        cell.redirect(cell.client(), TestCell.SERVER);
        assertThat(unanswered.finishConnect(SOON).ok()).isTrue();
    }

    @Test
    void lingerZeroResets() throws Exception {
        Pair pair = connect(listener());
        assertThat(pair.server().linger(0).ok()).isTrue();
        pair.server().close();
        assertThat(pair.client().receive(1, SOON).name()).isEqualTo("ECONNRESET");
        assertThat(pair.client().send(1).name()).isEqualTo("EPIPE");
        assertThatThrownBy(() -> pair.server().send(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepaliveSetsItsTimer() throws Exception {
        Pair pair = connect(listener());
        assertThat(pair.client()
                        .keepalive(Duration.ofSeconds(100), Duration.ofSeconds(1), 3)
                        .ok())
                .isTrue();
        try (SockDiag diag = SockDiag.open(cell.client())) {
            SocketTimer timer = diag.census(SocketQuery.ofStates(TcpState.ESTABLISHED))
                    .sockets()
                    .getFirst()
                    .timer();
            assertThat(timer.kind()).isEqualTo(SocketTimer.Kind.KEEPALIVE);
            assertThat(timer.expiresIn()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(110));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKernelKnowsEachOption(SocketOption option) {
        assertThat(clients.open().set(option, 1).name()).isEqualTo("ok");
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        Socket listener = listener();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                listener.accept(SOON);
            } catch (InterruptedException e) {
                end.set(e);
            }
        });
        waiter.interrupt();
        waiter.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void theRestIsClosedByReset() throws Exception {
        Pair pair = connect(listener());
        servers.close();
        assertThat(pair.client().receive(1, SOON).name()).isEqualTo("ECONNRESET");
    }

    private Socket listener() {
        return listener(StandardProtocolFamily.INET, TestCell.SERVER);
    }

    private Socket listener(ProtocolFamily family, String address) {
        Socket listener = servers.open(family);
        listener.bind(new InetSocketAddress(address, 0)).orThrow("bind");
        listener.listen(8).orThrow("listen");
        return listener;
    }

    private Pair connect(Socket listener) throws InterruptedException {
        return connect(StandardProtocolFamily.INET, listener);
    }

    private Pair connect(ProtocolFamily family, Socket listener) throws InterruptedException {
        Socket client = clients.open(family);
        client.connect(listener.local(), SOON).orThrow("connect");
        return new Pair(client, listener.accept(SOON).orThrow("accept"));
    }

    private static String received(Socket socket) throws InterruptedException {
        return new String(socket.receive(1024, SOON).orThrow("receive"), StandardCharsets.US_ASCII);
    }
}
