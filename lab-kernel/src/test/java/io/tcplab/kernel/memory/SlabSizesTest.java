package io.tcplab.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlabSizesTest {
    private static final String SLABINFO = """
            slabinfo - version: 2.1
            # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
            MPTCPv6                0      0   2112   15    8 : tunables    0    0    0 : slabdata      0      0      0
            tw_sock_TCPv6        144    144    256   16    1 : tunables    0    0    0 : slabdata      9      9      0
            request_sock_TCPv6     24     24    320   12    1 : tunables    0    0    0 : slabdata      2      2      0
            TCPv6                104    156   2496   13    8 : tunables    0    0    0 : slabdata     12     12      0
            """;

    @Test
    void areThoseOfSlabinfo() {
        SlabSizes sizes = SlabSizes.parse(SLABINFO);
        assertThat(List.of(sizes.of("TCPv6"), sizes.of("tw_sock_TCPv6"), sizes.of("request_sock_TCPv6")))
                .containsExactly(2_496, 256, 320);
    }

    @Test
    void aCacheThatIsMissingIsTold() {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> SlabSizes.parse(SLABINFO).of("tw_sock_TCP"))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .withMessageContaining("tw_sock_TCP");
    }

    @Test
    void thisKernelHasAllOfThem() {
        SlabSizes sizes = SlabSizes.read();
        assertThat(SocketObject.caches())
                .hasSize(6)
                .allSatisfy(cache -> assertThat(sizes.of(cache)).as(cache).isPositive());
    }
}
