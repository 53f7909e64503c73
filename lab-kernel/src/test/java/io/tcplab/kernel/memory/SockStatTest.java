package io.tcplab.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
}
