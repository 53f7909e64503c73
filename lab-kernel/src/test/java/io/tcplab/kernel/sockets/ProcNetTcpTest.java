package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.ProcNetTcp.Line;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcNetTcpTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void readsStateAndInodeOfEachLine() {
        String text = """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
                   1: 0100007F:1F90 0100007F:9C40 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
                10000: 0100007F:9C41 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000
                """;
        assertThat(ProcNetTcp.parse(text))
                .containsExactly(
                        new Line(TcpState.LISTEN, 4711),
                        new Line(TcpState.TIME_WAIT, 0),
                        new Line(TcpState.ESTABLISHED, 4712));
    }

    @Test
    void namesTheLineThatItCannotRead() {
        String whole =
                "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1";
        assertThatThrownBy(() -> ProcNetTcp.parse("heading\n" + whole + "\n   1: 0100007F\n"))
                .isInstanceOf(MalformedException.class)
                .hasMessage("line 3 of /proc/net/tcp is malformed:    1: 0100007F");
    }

    @Test
    void saysTheSameAsSockDiag() throws InterruptedException {
        try (Namespace namespace = Namespace.create("proc-net-tcp");
                Sockets sockets = new Sockets(namespace);
                SockDiag diag = SockDiag.open(namespace)) {
            Socket listener = sockets.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .orThrow("bind");
            listener.listen(8).orThrow("listen");
            sockets.open().connect(listener.local(), SOON).orThrow("connect");
            listener.accept(SOON).orThrow("accept");

            assertThat(sorted(ProcNetTcp.read(namespace)))
                    .isEqualTo(sorted(diag.census(SocketQuery.all()).sockets().stream()
                            .map(socket -> new Line(socket.state(), socket.inode()))
                            .toList()))
                    .hasSize(3);
        }
    }

    private static List<Line> sorted(List<Line> lines) {
        return lines.stream()
                .sorted(Comparator.comparing(Line::state).thenComparingLong(Line::inode))
                .toList();
    }
}
