package io.tcplab.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NetlinkRequestTest {
    @Test
    void theHeaderTellsLengthTypeFlagsAndSequence() {
        ByteBuffer message = encode(
                NetlinkRequest.of(16, NetlinkRequest.NLM_F_CREATE).u8(1).u8(2).u16(3), 7, 0x4);
        assertThat(message.remaining()).isEqualTo(20);
        assertThat(message.getInt(0)).isEqualTo(20);
        assertThat(message.getShort(4)).isEqualTo((short) 16);
        assertThat(message.getShort(6)).as("NLM_F_REQUEST, CREATE and ACK").isEqualTo((short) 0x405);
        assertThat(message.getInt(8)).isEqualTo(7);
        assertThat(message.getInt(12)).as("to the kernel").isZero();
        assertThat(message.get(16)).isEqualTo((byte) 1);
        assertThat(message.getShort(18)).isEqualTo((short) 3);
    }

    @Test
    void attributesArePaddedButTheirLengthIsNot() {
        ByteBuffer message = encode(NetlinkRequest.of(1, 0).attribute(3, "eth0").attribute(4, 1500), 1, 0);
        assertThat(message.getShort(16)).as("header, 4 letters, terminator").isEqualTo((short) 9);
        assertThat(message.getShort(18)).isEqualTo((short) 3);
        assertThat(message.get(20)).isEqualTo((byte) 'e');
        assertThat(message.get(24)).isZero();
        assertThat(message.getShort(28)).isEqualTo((short) 8);
        assertThat(message.getInt(32)).isEqualTo(1500);
        assertThat(message.remaining()).isEqualTo(36);
    }

    @Test
    void nestsEncloseWhatIsInThem() {
        NetlinkRequest request = NetlinkRequest.of(1, 0)
                .nest(18, info -> info.attribute(1, "veth").nest(2, data -> data.enclose(1, peer -> peer.u32(5))));
        ByteBuffer message = encode(request, 1, 0);
        assertThat(message.remaining()).isEqualTo(16 + 4 + 12 + 4 + 4 + 4);
        assertThat(message.getShort(16)).isEqualTo((short) 28);
        assertThat(message.getShort(18)).as("NLA_F_NESTED").isEqualTo((short) (0x8000 | 18));
        assertThat(message.getShort(32)).isEqualTo((short) 12);
        assertThat(message.getShort(36)).isEqualTo((short) 8);
        assertThat(message.getShort(38)).as("a struct, so not NLA_F_NESTED").isEqualTo((short) 1);
    }

    @Test
    void longMessagesGrow() {
        NetlinkRequest request = NetlinkRequest.of(1, 0).u8(9).u8(0).u16(0);
        for (int i = 0; i < 1000; i++) {
            request.attribute(i, i);
        }
        ByteBuffer message = encode(request, 1, 0);
        assertThat(message.remaining()).isEqualTo(16 + 4 + 8000);
        assertThat(message.get(16)).isEqualTo((byte) 9);
        assertThat(message.getInt(message.limit() - 4)).isEqualTo(999);
    }

    @Test
    void aRequestCanBeSentAgain() {
        NetlinkRequest request = NetlinkRequest.of(1, 0).u32(5);
        assertThat(encode(request, 1, 0)).isEqualTo(encode(request, 1, 0));
    }

    private static ByteBuffer encode(NetlinkRequest request, int sequence, int flags) {
        ByteBuffer datagram = ByteBuffer.allocate(16 * 1024).order(ByteOrder.nativeOrder());
        request.writeTo(datagram, sequence, flags);
        assertThat(datagram.position()).isEqualTo(request.length());
        return datagram.flip();
    }
}
