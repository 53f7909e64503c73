package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;

/** Any bytes in place of a frame, and of its TCP options: a segment, or none. */
class SegmentFuzzTest extends FuzzTests {
    /** A SYN and a segment with data and selective acknowledgements, as Linux sends them. */
    private static final List<byte[]> FRAMES = List.of(
            HexFormat.of()
                    .parseHex("02000000000202000000000108004500003c1c4640004006b1e60a0900010a090101"
                            + "9c4000500000000100000000a002fa7000000000020405b40402080a0000000a0000000001030307"),
            HexFormat.of()
                    .parseHex(
                            "0200000000020200000000010800450000401c4740004006b1e10a0900010a090101"
                                    + "9c4000500000000200000003b01001f6000000000101080a0000000b0000000c0101050a000000100000002068656c6c"));

    static List<FuzzTarget> targets() {

        return List.of(new FuzzTarget(
                "frames and TCP options",
                FRAMES,
                bytes -> Segment.decode(bytes).ifPresent(segment -> {
                    InetSocketAddress source = segment.source();
                    assertThat(source.getPort()).isEqualTo(segment.sourcePort());
                    segment.destination();
                    segment.flags();
                    segment.options();
                    assertThat(segment.toString()).isNotEmpty();
                }),
                FuzzTarget.Nothing.class));
    }
}
