package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tcplab.kernel.support.TestCell;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Two dumps side by side show what one shows. */
class ParallelSockDiagTest {
    private static final int CONNECTIONS = 40;

    @AutoClose
    private final TestCell cell = new TestCell();

    @AutoClose
    private final SockDiag one = SockDiag.open(cell.server());

    @AutoClose
    private final ParallelSockDiag two = ParallelSockDiag.open(cell.server());

    @Test
    void eachSocketIsInOneHalf() throws Exception {
        for (String address : List.of(TestCell.SERVER, TestCell.SERVER6)) {
            ServerSocketChannel listener = cell.listen(address, 2 * CONNECTIONS);
            for (int i = 0; i < CONNECTIONS; i++) {
                cell.connect(listener);
            }
        }
        cell.awaitEstablished(2 * CONNECTIONS);
        List<Long> expected = one.rows(SocketQuery.all(), SocketMessage::cookie).rows();
        assertThat(expected).hasSize(2 * CONNECTIONS + 2);
        // The second time they are parted where the first has shown their middle to be.
        for (int look = 0; look < 3; look++) {
            SockDiag.Rows<Long> rows = two.rows(TcpState.reported(), look == 1, SocketMessage::cookie);
            assertThat(rows.complete()).isTrue();
            assertThat(rows.rows()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void anEmptyNamespaceHasNoMiddle() {
        for (int look = 0; look < 2; look++) {
            assertThat(two.rows(TcpState.reported(), false, SocketMessage::state)
                            .rows())
                    .isEmpty();
        }
    }

    @Test
    void theCallersOwnFailureComesThrough() throws Exception {
        cell.listen(TestCell.SERVER, 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> two.rows(TcpState.reported(), false, message -> {
                    throw new IllegalStateException("a reader's fault");
                }))
                .withMessage("a reader's fault");
    }
}
