package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.support.TestCell;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

class SocketTallyTest {
    private static final String V4 = """
            sockets: used 300001
            TCP: inuse 7 orphan 0 tw 59530 alloc 300002 mem 299909
            UDP: inuse 3 mem 0
            """;

    private static final String V6 = """
            TCP6: inuse 264399
            UDP6: inuse 1
            """;

    @Test
    void bothFamiliesCount() {
        assertThat(SocketTally.parse(V4, V6)).isEqualTo(new SocketTally(264_406, 59_530));
        assertThat(SocketTally.parse(V4, V6).total()).isEqualTo(323_936);
    }

    @Test
    void aKernelMayLackIpv6() {
        assertThat(SocketTally.parse(V4, "").full()).isEqualTo(7);
    }

    @Test
    void theNamespacesOwnSocketsAreCounted() throws Exception {
        try (TestCell cell = new TestCell()) {
            ServerSocketChannel v4 = cell.listen(TestCell.SERVER, 8);
            cell.listen(TestCell.SERVER6, 8);
            cell.connect(v4);
            cell.connect(v4);
            assertThat(SocketTally.of(cell.server())).isEqualTo(new SocketTally(4, 0));
            assertThat(SocketTally.of(cell.client())).isEqualTo(new SocketTally(2, 0));
        }
    }
}
