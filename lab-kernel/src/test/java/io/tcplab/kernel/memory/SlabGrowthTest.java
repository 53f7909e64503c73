package io.tcplab.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Sockets in their thousands, as root; sockstat and the machine's slabs are the witnesses. */
class SlabGrowthTest {
    private static final int MANY = 2_000;
    private static final int ROUNDS = 5;

    private final SlabSizes sizes = SlabSizes.read();

    /** Whether the slabs grew by as many objects as a round made: whole sockets, and minisockets. */
    private record Grown(boolean whole, boolean minis) {
        Grown or(Grown other) {
            return new Grown(whole || other.whole, minis || other.minis);
        }
    }

    /** Others on this machine may free as many at the same time, which hides what a round made; then another one shows it. */
    @Test
    void theSlabsGrowByWhatItSays() throws Exception {
        Grown grown = round();
        for (int i = 1; i < ROUNDS && !(grown.whole && grown.minis); i++) {
            grown = grown.or(round());
        }
        assertThat(grown).isEqualTo(new Grown(true, true));
    }

    private Grown round() throws Exception {
        try (TestCell cell = new TestCell();
                SockDiag serverDiag = SockDiag.open(cell.server());
                SockDiag clientDiag = SockDiag.open(cell.client())) {
            TcpMemoryReader server = TcpMemoryReader.of(cell.server(), serverDiag);
            TcpMemoryReader client = TcpMemoryReader.of(cell.client(), clientDiag);
            long wholeBefore = activeObjects("TCP", "TCPv6");
            List<SocketChannel> clients = new ArrayList<>();
            List<SocketChannel> accepted = new ArrayList<>();
            ServerSocketChannel listener = cell.listen(TestCell.SERVER, MANY);
            for (int i = 0; i < MANY; i++) {
                clients.add(cell.connect(listener));
                accepted.add(cell.accept(listener));
            }
            assertThat(server.read().count(SocketObject.FULL)).isEqualTo(MANY);
            assertThat(client.read().objectBytes()).isEqualTo((long) MANY * sizes.of("TCPv6"));
            boolean whole = activeObjects("TCP", "TCPv6") - wholeBefore >= 2 * MANY * 9 / 10;

            long minisBefore = activeObjects("tw_sock_TCP", "tw_sock_TCPv6");
            for (SocketChannel each : clients) {
                each.close();
            }
            Await.until(() -> clientDiag.counts(SocketQuery.all()), counts -> counts.of(TcpState.FIN_WAIT2) == MANY);
            requireHalfClosed(client.read());
            for (SocketChannel each : accepted) {
                each.close();
            }
            Await.until(() -> clientDiag.counts(SocketQuery.all()), counts -> counts.of(TcpState.TIME_WAIT) == MANY);
            boolean minis = activeObjects("tw_sock_TCP", "tw_sock_TCPv6") - minisBefore >= MANY * 9 / 10;
            requireTimeWait(client.read());
            assertThat(Command.in(cell.client(), "cat", "/proc/net/sockstat"))
                    .anyMatch(line -> line.startsWith("TCP: inuse 0") && line.contains(" tw " + MANY + " "));
            assertThat(server.read().bytes()).isZero();
            return new Grown(whole, minis);
        }
    }

    private void requireHalfClosed(TcpMemory waiting) {
        // Where the FIN's ACK comes while close() still owns the socket the kernel keeps the whole one
        // (tcp_rcv_state_process() in net/ipv4/tcp_input.c): with two processors one in a few thousand.
        long minis = waiting.count(SocketObject.TIME_WAIT);
        assertThat(minis).isGreaterThanOrEqualTo(MANY * 9 / 10);
        assertThat(waiting.count(SocketObject.FULL)).isEqualTo(MANY - minis);
        assertThat(waiting.bytes())
                .as("FIN_WAIT_2 of nobody's")
                .isEqualTo(minis * sizes.of("tw_sock_TCPv6") + (MANY - minis) * sizes.of("TCPv6"));
    }

    private void requireTimeWait(TcpMemory memory) {
        assertThat(memory.consistent()).isTrue();
        assertThat(memory.bytes()).isEqualTo((long) MANY * sizes.of("tw_sock_TCPv6"));
    }

    private static long activeObjects(String... caches) throws IOException {
        String slabinfo = Files.readString(Path.of("/proc/slabinfo"));
        long active = 0;
        for (String cache : caches) {
            Matcher line = Pattern.compile("(?m)^" + cache + " +(\\d+) ").matcher(slabinfo);
            active += line.find() ? Long.parseLong(line.group(1)) : 0;
        }
        return active;
    }
}
