package io.tcplab.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes in place of a netlink datagram. */
class NetlinkFuzzTest extends FuzzTests {
    /** An acknowledgement with the kernel's words; two rows of a dump and its end; the end of one that was disturbed. */
    private static final List<byte[]> DATAGRAMS = Stream.of(
                    "4c00000002000003050000000000000" + "0efffffff2000000014000506020000000000000023000100"
                            + "697076343a204164647265737320616c72656164792061737369676e65640000",
                    "1800000014000200050000000000000001020304050607081800000014000200050000000000000001020304050607"
                            + "08140000000300020005000000000000000000000000",
                    "14000000030012000500000000000000f5ffffff")
            .map(hex -> HexFormat.of().parseHex(hex))
            .toList();

    static List<FuzzTarget> targets() {

        return List.of(new FuzzTarget(
                "netlink",
                DATAGRAMS,
                bytes -> {
                    Dump dump = new Dump(
                            5,
                            (type, payload) ->
                                    NetlinkAttributes.find(payload, 1).ifPresent(NetlinkFuzzTest::read));
                    NetlinkSocket.forEachMessage(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), dump::message);
                },
                MalformedException.class));
    }

    private static void read(ByteBuffer attribute) {
        assertThat(NetlinkAttributes.string(attribute)).isNotNull();
    }
}
