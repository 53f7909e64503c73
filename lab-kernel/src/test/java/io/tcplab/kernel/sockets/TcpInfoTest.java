package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class TcpInfoTest {
    /** What Linux 3.10 sent: up to tcpi_total_retrans. */
    private static final int OLDEST_LENGTH = 104;

    private final TcpInfo info =
            DiagMessages.socket(Fixture.message("fin_wait_2-v4mapped")).info().orElseThrow();

    @Test
    void membersAreFoundByName() {
        assertThat(info.require(TcpInfoField.STATE)).isEqualTo(TcpState.FIN_WAIT2.number());
        assertThat(info.require(TcpInfoField.RTO)).isEqualTo(208_000);
        assertThat(info.require(TcpInfoField.SND_MSS)).isEqualTo(1448);
        assertThat(info.require(TcpInfoField.RTT)).isEqualTo(5126);
        assertThat(info.require(TcpInfoField.BYTES_ACKED))
                .as("SYN, 6 bytes, FIN")
                .isEqualTo(8);
        assertThat(info.get(TcpInfoField.TOTAL_RTO)).hasValue(0);
    }

    @Test
    void bitFieldsAreTakenApart() {
        assertThat(info.require(TcpInfoField.SND_WSCALE)).isEqualTo(10);
        assertThat(info.require(TcpInfoField.RCV_WSCALE)).isEqualTo(10);
        TcpInfo server =
                DiagMessages.socket(Fixture.message("established-inet")).info().orElseThrow();
        assertThat(server.require(TcpInfoField.DELIVERY_RATE_APP_LIMITED)).isEqualTo(1);
        assertThat(server.require(TcpInfoField.FASTOPEN_CLIENT_FAIL)).isZero();
    }

    @Test
    void bitFieldsOfBigEndianMachinesStartAtTheOtherEnd() {
        ByteBuffer struct = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN);
        struct.put(0, (byte) TcpState.ESTABLISHED.number()).put(6, (byte) 0x7a).put(7, (byte) 0b1100_0000);
        TcpInfo bigEndian = TcpInfo.copyOf(struct);
        assertThat(bigEndian.require(TcpInfoField.SND_WSCALE)).isEqualTo(7);
        assertThat(bigEndian.require(TcpInfoField.RCV_WSCALE)).isEqualTo(10);
        assertThat(bigEndian.require(TcpInfoField.DELIVERY_RATE_APP_LIMITED)).isEqualTo(1);
        assertThat(bigEndian.require(TcpInfoField.FASTOPEN_CLIENT_FAIL)).isEqualTo(2);
    }

    @Test
    void membersThatAnOlderKernelLacksAreAbsentAndNotZero() {
        TcpInfo old = TcpInfo.copyOf(struct(TcpState.ESTABLISHED, OLDEST_LENGTH));
        assertThat(old.get(TcpInfoField.TOTAL_RETRANS)).hasValue(0);
        assertThat(old.get(TcpInfoField.PACING_RATE)).isEmpty();
        assertThat(old.has(TcpInfoField.BYTES_ACKED)).isFalse();
        assertThat(old.values()).containsKey(TcpInfoField.TOTAL_RETRANS).doesNotContainKey(TcpInfoField.PACING_RATE);
        assertThatThrownBy(() -> old.require(TcpInfoField.BYTES_ACKED))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("tcpi_bytes_acked");
    }

    @Test
    void aMemberThatIsCutInTwoIsAbsent() {
        TcpInfo cut = TcpInfo.copyOf(ByteBuffer.allocate(TcpInfoField.PACING_RATE.end() - 1));
        assertThat(cut.get(TcpInfoField.PACING_RATE)).isEmpty();
    }

    /** Offsets are written down one by one; this finds a slip. Bit-fields share a byte. */
    @Test
    void membersFollowEachOtherAsInTheHeader() {
        int end = 0;
        for (TcpInfoField field : TcpInfoField.values()) {
            boolean sharesByte = field.bits() < field.bytes() * Byte.SIZE && field.firstBit() > 0;
            assertThat(field.offset()).as(field.kernelName()).isEqualTo(sharesByte ? end - 1 : end);
            assertThat(field.offset() % field.bytes())
                    .as("alignment of %s", field.kernelName())
                    .isZero();
            end = field.end();
        }
        assertThat(end).as("sizeof(struct tcp_info) of Linux 6.18").isEqualTo(280);
    }

    @Test
    void equalBytesAreEqualInfos() {
        TcpInfo same = DiagMessages.socket(Fixture.message("fin_wait_2-v4mapped"))
                .info()
                .orElseThrow();
        TcpInfo other =
                DiagMessages.socket(Fixture.message("fin_wait_2-ipv6")).info().orElseThrow();
        assertThat(info).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(info.toString()).contains("RTO=208000");
    }

    /** Before the handshake is over the kernel tells the time since the machine was started. */
    @Test
    void timesThatAStateDoesNotKeepAreAbsent() {
        TcpInfo opening = TcpInfo.copyOf(struct(TcpState.SYN_SENT, OLDEST_LENGTH));
        assertThat(opening.get(TcpInfoField.LAST_ACK_RECV)).isEmpty();
        assertThat(opening.get(TcpInfoField.LAST_DATA_RECV)).isEmpty();
        assertThat(opening.get(TcpInfoField.LAST_DATA_SENT)).isEmpty();
        assertThat(opening.get(TcpInfoField.RETRANSMITS)).hasValue(0);
        assertThat(opening.values()).doesNotContainKey(TcpInfoField.LAST_ACK_RECV);
        assertThatThrownBy(() -> opening.require(TcpInfoField.LAST_ACK_RECV))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("tcpi_last_ack_recv");
        TcpInfo open = TcpInfo.copyOf(struct(TcpState.CLOSE_WAIT, OLDEST_LENGTH));
        assertThat(open.get(TcpInfoField.LAST_ACK_RECV)).hasValue(0);
    }

    private static ByteBuffer struct(TcpState state, int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder()).put(0, (byte) state.number());
    }
}
