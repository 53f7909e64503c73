package io.tcplab.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketBuffers;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real kernel, as root; ss, sockstat and the machine's slabs are the witnesses. */
class TcpMemoryTest {
    private static final int MANY = 2_000;
    private static final int UNREAD = 700;

    private static final Pattern SKMEM =
            Pattern.compile("skmem:\\(r(\\d+),rb(\\d+),t(\\d+),tb(\\d+),f(\\d+),w(\\d+),o(\\d+),bl(\\d+),d(\\d+)\\)");

    private final TestCell cell = new TestCell();
    private final SockDiag serverDiag = SockDiag.open(cell.server());
    private final SockDiag clientDiag = SockDiag.open(cell.client());
    private final TcpMemoryReader server = TcpMemoryReader.of(cell.server(), serverDiag);
    private final TcpMemoryReader client = TcpMemoryReader.of(cell.client(), clientDiag);
    private final SlabSizes sizes = SlabSizes.read();

    @AfterEach
    void close() throws IOException {
        serverDiag.close();
        clientDiag.close();
        cell.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestCell.SERVER, TestCell.SERVER6})
    void unreadBytesAreWhatSsSays(String address) throws Exception {
        ServerSocketChannel listener = cell.listen(address, 10);
        for (int i = 0; i < 10; i++) {
            cell.connect(listener).write(ByteBuffer.allocate(UNREAD * (i + 1)));
            cell.accept(listener);
        }
        SocketQuery arrived = SocketQuery.ofStates(TcpState.ESTABLISHED);
        Await.until(
                () -> serverDiag.rows(arrived, socket -> socket.recvQueue()).rows().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                bytes -> bytes == 55 * UNREAD);

        List<SocketBuffers> ss = ss();
        assertThat(serverDiag
                        .rows(arrived.withBuffers(), socket -> socket.buffers())
                        .rows())
                .containsExactlyInAnyOrderElementsOf(ss);
        TcpMemory memory = server.read();
        assertThat(memory.consistent()).isTrue();
        assertThat(memory.objectBytes()).isEqualTo(10L * sizes.of("TCPv6"));
        assertThat(memory.bufferBytes())
                .isEqualTo(ss.stream().mapToLong(SocketBuffers::received).sum())
                .isGreaterThan(55 * UNREAD);
    }

    @Test
    void aRequestSocketIsOfTheFamilyOfItsSyn() throws Exception {
        ServerSocketChannel listener = cell.listen("::", 10);
        cell.misdirect(cell.server(), TestCell.CLIENT);
        cell.connecting(new InetSocketAddress(TestCell.SERVER, TestCell.port(listener)));
        TcpMemory memory = Await.until(server::read, look -> look.count(SocketObject.REQUEST) == 1);
        assertThat(memory.consistent()).isTrue();
        assertThat(memory.bytes()).isEqualTo(sizes.of("request_sock_TCP"));
    }

    /** Others on this machine make and free objects, too, so growth is looked for until it is seen, and need not be exact. */
    @Test
    void theSlabsGrowByWhatItSays() throws Exception {
        long fullBefore = activeObjects("TCP", "TCPv6");
        List<SocketChannel> clients = new ArrayList<>();
        List<SocketChannel> accepted = new ArrayList<>();
        ServerSocketChannel listener = cell.listen(TestCell.SERVER, MANY);
        for (int i = 0; i < MANY; i++) {
            clients.add(cell.connect(listener));
            accepted.add(cell.accept(listener));
        }
        assertThat(server.read().count(SocketObject.FULL)).isEqualTo(MANY);
        assertThat(client.read().objectBytes()).isEqualTo((long) MANY * sizes.of("TCPv6"));
        Await.until(() -> activeObjects("TCP", "TCPv6") - fullBefore, grown -> grown >= 2 * MANY * 9 / 10);

        long minisBefore = activeObjects("tw_sock_TCP", "tw_sock_TCPv6");
        for (int i = 0; i < MANY; i++) {
            clients.get(i).close();
        }
        Await.until(() -> clientDiag.counts(SocketQuery.all()), counts -> counts.of(TcpState.FIN_WAIT2) == MANY);
        TcpMemory waiting = client.read();
        // Where the FIN's ACK comes while close() still owns the socket the kernel keeps the whole one
        // (tcp_rcv_state_process() in net/ipv4/tcp_input.c): with two processors one in a few thousand.
        long minis = waiting.count(SocketObject.TIME_WAIT);
        assertThat(minis).isGreaterThanOrEqualTo(MANY * 9 / 10);
        assertThat(waiting.count(SocketObject.FULL)).isEqualTo(MANY - minis);
        assertThat(waiting.bytes())
                .as("FIN_WAIT_2 of nobody's")
                .isEqualTo(minis * sizes.of("tw_sock_TCPv6") + (MANY - minis) * sizes.of("TCPv6"));
        for (SocketChannel each : accepted) {
            each.close();
        }
        Await.until(() -> clientDiag.counts(SocketQuery.all()), counts -> counts.of(TcpState.TIME_WAIT) == MANY);
        assertThat(client.read()).satisfies(memory -> {
            assertThat(memory.consistent()).isTrue();
            assertThat(memory.bytes()).isEqualTo((long) MANY * sizes.of("tw_sock_TCPv6"));
        });
        assertThat(Command.in(cell.client(), "cat", "/proc/net/sockstat"))
                .anyMatch(line -> line.startsWith("TCP: inuse 0") && line.contains(" tw " + MANY + " "));
        Await.until(() -> activeObjects("tw_sock_TCP", "tw_sock_TCPv6") - minisBefore, grown -> grown >= MANY * 9 / 10);
        assertThat(server.read().bytes()).isZero();
    }

    private List<SocketBuffers> ss() throws IOException, InterruptedException {
        String text = String.join("\n", Command.in(cell.server(), "ss", "-tnmH", "state", "established"));
        return SKMEM.matcher(text).results().map(TcpMemoryTest::buffers).toList();
    }

    private static SocketBuffers buffers(MatchResult skmem) {
        long[] members = Stream.iterate(1, group -> group + 1)
                .limit(skmem.groupCount())
                .mapToLong(group -> Long.parseLong(skmem.group(group)))
                .toArray();
        return new SocketBuffers(
                members[0],
                members[1],
                members[2],
                members[3],
                members[4],
                members[5],
                members[6],
                members[7],
                members[8]);
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
