package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tcplab.kernel.support.TestCell;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

class SockStatTest {
    private static final String V4 = """
            sockets: used 11
            TCP: inuse 3 orphan 7 tw 21 alloc 40 mem 128
            UDP: inuse 1 mem 0
            FRAG: inuse 0 memory 0
            """;
    private static final String V6 = """
            TCP6: inuse 5
            UDP6: inuse 0
            """;

    @Test
    void addsBothFamilies() {
        assertThat(SockStat.parse(V4, V6)).isEqualTo(new SockStat(8, 21));
    }

    @Test
    void aKernelWithoutIpv6HasOneFile() {
        assertThat(SockStat.parse(V4, "")).isEqualTo(new SockStat(3, 21));
    }

    @Test
    void aMemberThatIsMissingIsTold() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SockStat.parse("TCP: inuse 3", V6))
                .withMessageContaining("tw");
    }

    @Test
    void manySocketsAreCounted() {
        String v4 = "TCP: inuse 7 orphan 0 tw 59530 alloc 300002 mem 299909";
        assertThat(SockStat.parse(v4, "TCP6: inuse 264399")).isEqualTo(new SockStat(264_406, 59_530));
    }

    @Test
    void theNamespacesOwnSocketsAreCounted() throws Exception {
        try (TestCell cell = new TestCell()) {
            ServerSocketChannel v4 = cell.listen(TestCell.SERVER, 8);
            cell.listen(TestCell.SERVER6, 8);
            cell.connect(v4);
            cell.connect(v4);
            cell.awaitEstablished(2);
            assertThat(SockStat.read(cell.server())).isEqualTo(new SockStat(4, 0));
            assertThat(SockStat.read(cell.client())).isEqualTo(new SockStat(2, 0));
        }
    }
}
