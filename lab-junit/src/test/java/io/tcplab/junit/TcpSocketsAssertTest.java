package io.tcplab.junit;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@InCell(mayLeave = CLOSE_WAIT)
class TcpSocketsAssertTest {
    @Test
    void withinWaitsUntilItIsSo(TcpCell cell) throws Exception {
        try (LeakyServer server = LeakyServer.start(cell.server(), false);
                Socket client = new Socket(cell.server().address(), server.port());
                ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
            assertThat(cell.server())
                    .onPort(server.port())
                    .haveExactly(1, ESTABLISHED)
                    .within(ofSeconds(20));
            var closing = later.schedule(() -> close(client), 50, TimeUnit.MILLISECONDS);
            assertThat(cell.server())
                    .onPort(server.port())
                    .haveNone(ESTABLISHED)
                    .within(ofSeconds(20))
                    .haveNoConnections()
                    .within(ofSeconds(20));
            closing.get();
        }
    }

    @Test
    void aFailureTellsWhoHowManyAndSinceWhen(TcpCell cell) throws Exception {
        try (LeakyServer server = LeakyServer.start(cell.server(), true)) {
            for (int i = 0; i < 4; i++) {
                new Socket(cell.server().address(), server.port()).close();
            }
            assertThatThrownBy(() -> assertThat(cell.server())
                            .as("after four requests")
                            .onPort(server.port())
                            .haveNone(CLOSE_WAIT)
                            .within(ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("[after four requests] Expecting the sockets of server on port "
                            + server.port() + " to have no CLOSE_WAIT within 100 ms, but there were 4:")
                    .hasMessageContaining("4 CLOSE_WAIT, port " + server.port() + ", peer 10.77.0.1")
                    .hasMessageContaining("the peer's last segment arrived")
                    .hasMessageContaining("10.77.0.2:" + server.port() + " to 10.77.0.1:")
                    .hasMessageContaining("and 1 more")
                    .hasMessageContaining("eof-read-not-closed (CLOSE_WAIT): 4 connections closed by the peer")
                    .hasMessageContaining("look at: ")
                    .hasMessageContaining("see it happen: lab run close-wait-leak");
        }
    }

    @Test
    void theSelectionIsNarrow(TcpCell cell) throws Exception {
        try (LeakyServer leaky = LeakyServer.start(cell.server(), true);
                LeakyServer sound = LeakyServer.start(cell.server(), false)) {
            new Socket(cell.server().address(), leaky.port()).close();
            new Socket(cell.server().address(), sound.port()).close();
            assertThat(cell.server())
                    .onPort(leaky.port())
                    .haveExactly(1, CLOSE_WAIT)
                    .within(ofSeconds(20));
            assertThat(cell.server()).onPort(sound.port()).haveNoConnections().within(ofSeconds(20));
            assertThat(cell.client())
                    .toPort(sound.port())
                    .haveExactly(1, TIME_WAIT)
                    .within(ofSeconds(20));
            assertThat(cell.server())
                    .withPeer(cell.server().address())
                    .haveNone(CLOSE_WAIT)
                    .now();
        }
    }

    @Test
    void throughoutFailsAtTheFirstLookThatIsNotSo(TcpCell cell) throws Exception {
        try (LeakyServer server = LeakyServer.start(cell.server(), false);
                Socket client = new Socket(cell.server().address(), server.port())) {
            assertThat(cell.server())
                    .onPort(server.port())
                    .haveExactly(1, ESTABLISHED)
                    .within(ofSeconds(20));
            assertThat(cell.server())
                    .onPort(server.port())
                    .haveAtMost(1, ESTABLISHED)
                    .throughout(ofMillis(50));
            assertThatThrownBy(() -> assertThat(cell.server())
                            .onPort(server.port())
                            .haveNone(ESTABLISHED)
                            .throughout(ofSeconds(60)))
                    .hasMessageContaining("to have no ESTABLISHED throughout 60 s, but there was 1:");
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void tooFewIsToldToo(TcpCell cell) {
        assertThatThrownBy(
                        () -> assertThat(cell.server()).haveExactly(1, LISTEN).now())
                .hasMessage("Expecting the sockets of server to have exactly 1 LISTEN now, but there were none.");
    }

    @Test
    void theOneBeforeMustHaveAnEnd(TcpCell cell) {
        TimedAssert unfinished = assertThat(cell.server()).haveNone(CLOSE_WAIT);
        assertThat(unfinished).isNotNull();
        assertThatThrownBy(() -> assertThat(cell.server()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an assertion was begun and has no end, so it asserted nothing");
    }

    @Test
    void thisMachinesOwnSocketsCanBeAskedToo() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            // Made on the cell's client, so this machine hasn't got it.
            assertThat(TcpSockets.ofThisMachine())
                    .onPort(listener.getLocalPort())
                    .haveNone(LISTEN)
                    .now();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
