package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.SocketOption;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sock_diag tells of openings whose last ACK has come, and of such as it hasn't; /proc/net/tcp is the witness. */
class DeferredRequestTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestCell cell = new TestCell();
    private final Sockets clients = new Sockets(cell.client());
    private final Sockets servers = new Sockets(cell.server());
    private final SockDiag diag = SockDiag.open(cell.server());

    @AfterEach
    void close() throws IOException {
        diag.close();
        clients.close();
        servers.close();
        cell.close();
    }

    /** The timer fires after a second, two, four, and sends nothing. */
    @Test
    void theTimerOfADeferredRequestFiresAndSendsNothing() throws Exception {
        Socket listener = listener(60);
        clients.open().connect(listener.local(), SOON).orThrow("connect");
        SocketTimer timer = requestWith(SECOND);
        assertThat(timer.retransmits()).isZero();
        assertThat(timeoutsByProc()).isPositive();
    }

    @Test
    void eachTimeoutOfAnotherSendsTheSynAckAgain() throws Exception {
        Socket listener = listener(0);
        cell.misdirect(cell.server(), TestCell.CLIENT);
        clients.open().startConnect(listener.local());
        SocketTimer timer = requestWith(SECOND);
        assertThat(timer.retransmits()).isPositive();
        assertThat(timeoutsByProc()).isPositive();
    }

    private Socket listener(int deferSeconds) {
        Socket listener = servers.open();
        listener.set(SocketOption.TCP_DEFER_ACCEPT, deferSeconds).orThrow("TCP_DEFER_ACCEPT");
        listener.bind(new InetSocketAddress(TestCell.SERVER, 0)).orThrow("bind");
        listener.listen(8).orThrow("listen");
        return listener;
    }

    /** The request socket's timer, once it has more left than this. */
    private SocketTimer requestWith(Duration left) throws Exception {
        return Await.until(
                        () -> diag.census(SocketQuery.ofStates(TcpState.SYN_RECV))
                                .sockets(),
                        sockets -> sockets.stream()
                                .anyMatch(socket -> socket.timer().expiresIn().compareTo(left) > 0))
                .getFirst()
                .timer();
    }

    /** Its column "retrnsmt" is num_timeout (get_openreq4() in net/ipv4/tcp_ipv4.c). */
    private int timeoutsByProc() throws IOException, InterruptedException {
        List<String> request = Command.in(cell.server(), "cat", "/proc/thread-self/net/tcp").stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[3].equals("03"))
                .map(columns -> columns[6])
                .toList();
        return Integer.parseInt(request.getFirst(), 16);
    }
}
