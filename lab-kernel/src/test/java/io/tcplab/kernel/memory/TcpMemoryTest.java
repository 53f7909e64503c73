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
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real kernel, as root; ss is the witness. */
class TcpMemoryTest {
    private static final int UNREAD = 700;

    private static final Pattern SKMEM =
            Pattern.compile("skmem:\\(r(\\d+),rb(\\d+),t(\\d+),tb(\\d+),f(\\d+),w(\\d+),o(\\d+),bl(\\d+),d(\\d+)\\)");

    private final TestCell cell = new TestCell();
    private final SockDiag serverDiag = SockDiag.open(cell.server());
    private final TcpMemoryReader server = TcpMemoryReader.of(cell.server(), serverDiag);
    private final SlabSizes sizes = SlabSizes.read();

    @AfterEach
    void close() throws IOException {
        serverDiag.close();
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

    private List<SocketBuffers> ss() throws IOException, InterruptedException {
        String text = String.join("\n", Command.in(cell.server(), "ss", "-tnmH", "state", "established"));
        return SKMEM.matcher(text).results().map(TcpMemoryTest::buffers).toList();
    }

    private static SocketBuffers buffers(MatchResult skmem) {
        long[] members = Stream.iterate(1, group -> group + 1)
                .limit(skmem.groupCount())
                .mapToLong(group -> Long.parseLong(skmem.group(group)))
                .toArray();
        return SocketBuffers.of(members);
    }
}
