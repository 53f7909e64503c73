package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.kernel.MalformedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of sock_diag in which each member has a value of its own, and the largest where it is unsigned. */
class CraftedMessagesTest {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int STRUCT = 72;
    /** Up to the last member that {@link SocketMessage#acknowledgedSyns} needs. */
    private static final int INFO = TcpInfoField.BYTES_RETRANS.end();

    private final SocketMessage view = new SocketMessage();

    @Test
    void eachMemberIsReadWhereItIs() {
        ByteBuffer message = message(AF_INET, TcpState.ESTABLISHED)
                .put(2, (byte) 1)
                .put(3, (byte) 200)
                .putShort(4, Short.reverseBytes((short) 0x1234))
                .putShort(6, Short.reverseBytes((short) 0xfedc))
                .put(8, new byte[] {10, 1, 2, 3})
                .put(24, new byte[] {(byte) 192, 0, 2, (byte) 255})
                .putInt(44, 0x89abcdef)
                .putInt(48, 0x80000001)
                .putInt(52, 0xffffffff)
                .putInt(56, 0xfffffffe)
                .putInt(60, 0xfffffffd)
                .putInt(64, 1_000)
                .putInt(68, 0xfffffffc);
        view.at(Protocol.TCP, message);
        assertThat(view.localPort()).isEqualTo(0x1234);
        assertThat(view.peerPort()).isEqualTo(0xfedc);
        assertThat(view.localAddress()).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
        assertThat(view.peerAddress()).isEqualTo(InetAddress.ofLiteral("192.0.2.255"));
        assertThat(view.cookie()).isEqualTo(0x80000001_89abcdefL);
        assertThat(view.timer()).isEqualTo(SocketTimer.Kind.RETRANSMIT);
        assertThat(view.timerMillis()).isEqualTo(0xffffffffL);
        assertThat(view.retransmits()).isEqualTo(200);
        assertThat(view.recvQueue()).isEqualTo(0xfffffffeL);
        assertThat(view.sendQueue()).isEqualTo(0xfffffffdL);
        assertThat(view.uid()).isEqualTo(1_000);
        assertThat(view.inode()).isEqualTo(0xfffffffcL);

        TcpSocket socket = DiagMessages.socket(message);
        assertThat(socket.uid()).isEqualTo(1_000);
        assertThat(socket.cookie()).isEqualTo(0x80000001_89abcdefL);
        assertThat(socket.timer())
                .isEqualTo(new SocketTimer(SocketTimer.Kind.RETRANSMIT, Duration.ofMillis(0xffffffffL), 200));
        assertThat(socket.peer()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.255"), 0xfedc));
    }

    @ParameterizedTest
    @EnumSource
    void eachStateHasItsNumber(TcpState state) {
        ByteBuffer message = message(AF_INET, state);
        assertThat(DiagMessages.state(message)).isEqualTo(state.number());
        assertThat(DiagMessages.isIn(EnumSet.of(state), message)).isTrue();
        // Who asks for SYN_RECV gets NEW_SYN_RECV, too.
        EnumSet<TcpState> others = EnumSet.allOf(TcpState.class);
        others.removeIf(other -> other.bit() == state.bit());
        assertThat(DiagMessages.isIn(others, message)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 127, 255})
    void otherNumbersAreNoState(int number) {
        ByteBuffer message = message(AF_INET, TcpState.ESTABLISHED).put(1, (byte) number);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> DiagMessages.state(message));
    }

    @Test
    void aMessageMayEndBehindItsStructAndNotBefore() {
        ByteBuffer message = message(AF_INET, TcpState.LISTEN);
        assertThat(DiagMessages.requireWhole(message)).isSameAs(message);
        ByteBuffer cut = message.limit(STRUCT - 1);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> DiagMessages.requireWhole(cut));
    }

    @Test
    void aClosedSocketWithAPeerIsLeaving() {
        ByteBuffer closed = message(AF_INET, TcpState.CLOSE);
        assertThat(DiagMessages.isLeaving(closed)).isFalse();
        closed.putShort(6, (short) 1);
        assertThat(DiagMessages.isLeaving(closed)).isTrue();
        ByteBuffer open = message(AF_INET, TcpState.ESTABLISHED).putShort(6, (short) 1);
        assertThat(DiagMessages.isLeaving(open)).isFalse();
    }

    @Test
    void onlyAMinisocketWaitsForTheEndOfTimeWait() {
        ByteBuffer message = message(AF_INET, TcpState.FIN_WAIT2);
        assertThat(DiagMessages.isMinisocket(message)).isFalse();
        assertThat(DiagMessages.isMinisocket(message.put(2, (byte) 3))).isTrue();
    }

    /** Of addresses that are cached. */
    @Test
    void addressesThatDifferInOneHalfAreNotTheSame() {
        assertThat(localOf(AF_INET6, 0x20, 1)).isNotEqualTo(localOf(AF_INET6, 0x21, 1));
        assertThat(localOf(AF_INET6, 0x20, 1)).isNotEqualTo(localOf(AF_INET6, 0x20, 2));
        assertThat(localOf(AF_INET6, 0x20, 1)).isSameAs(localOf(AF_INET6, 0x20, 1));
        assertThat(localOf(AF_INET, 10, 1)).isSameAs(localOf(AF_INET, 10, 2)); // what follows is no part of it
        assertThat(localOf(AF_INET, 10, 1)).isNotEqualTo(localOf(AF_INET, 11, 1));
        assertThat(localOf(AF_INET, 0, 0)).isNotEqualTo(localOf(AF_INET6, 0, 0));
    }

    @Test
    void linkLocalAddressesOfTwoInterfacesAreTwo() {
        ByteBuffer message = message(AF_INET6, TcpState.LISTEN)
                .put(8, (byte) 0xfe)
                .put(9, (byte) 0x80)
                .put(23, (byte) 1);
        InetAddress first = view.at(Protocol.TCP, message.putInt(40, 2)).localAddress();
        InetAddress second = view.at(Protocol.TCP, message.putInt(40, 3)).localAddress();
        assertThat(first.getHostAddress()).endsWith("%2");
        assertThat(second.getHostAddress()).endsWith("%3");
    }

    private InetAddress localOf(int family, int first, int last) {
        ByteBuffer message =
                message(family, TcpState.LISTEN).put(8, (byte) first).put(23, (byte) last);
        return view.at(Protocol.TCP, message).localAddress();
    }

    /** What was acknowledged and is in flight, less what was sent for the first time, less a FIN. */
    @ParameterizedTest
    @CsvSource({
        // state, acknowledged, sent, again, unsent, Send-Q, SYNs
        "ESTABLISHED, 0, 0, 0, 0, 0, 0",
        "ESTABLISHED, 1, 0, 0, 0, 0, 1",
        "ESTABLISHED, 101, 100, 0, 0, 0, 1",
        "ESTABLISHED, 51, 100, 0, 20, 70, 1",
        "ESTABLISHED, 50, 130, 30, 20, 70, 0",
        "CLOSE_WAIT, 101, 130, 30, 0, 0, 1",
        "FIN_WAIT1, 101, 100, 0, 0, 1, 1",
        "FIN_WAIT2, 102, 100, 0, 0, 0, 1",
        "FIN_WAIT2, 101, 100, 0, 0, 0, 0",
        // Whether the FIN has been sent isn't known, the figures don't fit, or there is no connection yet.
        "FIN_WAIT1, 101, 100, 0, 5, 6, -1",
        "ESTABLISHED, 102, 100, 0, 0, 0, -1",
        "ESTABLISHED, 99, 100, 0, 0, 0, -1",
        "SYN_SENT, 0, 0, 0, 0, 0, -1",
    })
    void countsTheSynsThatWereAcknowledged(
            TcpState state, long acknowledged, long sent, long again, int unsent, int queue, long syns) {
        ByteBuffer message = withInfo(state, INFO);
        message.putInt(60, queue);
        put(message, TcpInfoField.BYTES_ACKED, acknowledged);
        put(message, TcpInfoField.BYTES_SENT, sent);
        put(message, TcpInfoField.BYTES_RETRANS, again);
        message.putInt(STRUCT + 4 + TcpInfoField.NOTSENT_BYTES.offset(), unsent);
        assertThat(view.at(Protocol.TCP, message).acknowledgedSyns()).isEqualTo(syns);
    }

    @ParameterizedTest
    @EnumSource(names = {"BYTES_ACKED", "NOTSENT_BYTES", "BYTES_SENT", "BYTES_RETRANS"})
    void anOlderKernelDoesNotTell(TcpInfoField missing) {
        ByteBuffer message = withInfo(TcpState.ESTABLISHED, missing.end() - 1);
        assertThat(view.at(Protocol.TCP, message).info(missing)).isEqualTo(SocketMessage.ABSENT);
        assertThat(view.acknowledgedSyns()).isEqualTo(SocketMessage.ABSENT);
    }

    @Test
    void aMemberThatEndsTheStructIsThere() {
        ByteBuffer message = withInfo(TcpState.NEW_SYN_RECV, TcpInfoField.BYTES_SENT.end());
        put(message, TcpInfoField.BYTES_SENT, 7);
        assertThat(view.at(Protocol.TCP, message).info(TcpInfoField.BYTES_SENT)).isEqualTo(7);
        message.put(STRUCT + 4, (byte) 13);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> view.info(TcpInfoField.BYTES_SENT));
    }

    @Test
    void anMptcpSocketHasTheTimerAndTheInfoOfItsSubflow() {
        ByteBuffer socket = behindOthers(mptcp(false, 1_000, 400));
        ByteBuffer subflow = withInfo(TcpState.ESTABLISHED, INFO)
                .put(2, (byte) 4)
                .put(3, (byte) 6)
                .putInt(52, 250)
                .putInt(60, 33);
        put(subflow, TcpInfoField.BYTES_SENT, 4_711);
        ByteBuffer joined = MptcpMessages.joined(socket, behindOthers(subflow));
        view.at(Protocol.MPTCP, joined);
        assertThat(view.timer()).isEqualTo(SocketTimer.kind(4));
        assertThat(view.retransmits()).isEqualTo(6);
        assertThat(view.timerMillis()).isEqualTo(250);
        assertThat(view.info(TcpInfoField.BYTES_SENT)).isEqualTo(4_711);
        assertThat(view.sendQueue()).isEqualTo(600);
        assertThat(view.localPort()).isEqualTo(0x1234);
        assertThat(view.hasBuffers()).isTrue();
        assertThat(view.buffers().receiveLimit()).isEqualTo(0x0102_0304);
    }

    @Test
    void inFallbackItsSubflowsQueueIsItsOwn() {
        ByteBuffer subflow = withInfo(TcpState.ESTABLISHED, INFO).putInt(60, 33);
        view.at(Protocol.MPTCP, MptcpMessages.joined(mptcp(true, 1_000, 400), subflow));
        assertThat(view.sendQueue()).isEqualTo(633);
        view.at(Protocol.MPTCP, MptcpMessages.joined(mptcp(true, 0x2_0000_0000L, 0), subflow));
        assertThat(view.sendQueue()).as("as much as the member holds").isEqualTo(0xffffffffL);
    }

    @Test
    void withoutASubflowThereIsNoTimer() {
        ByteBuffer socket =
                mptcp(true, 1_000, 400).put(2, (byte) 2).put(3, (byte) 9).putInt(52, 77);
        view.at(Protocol.MPTCP, MptcpMessages.joined(socket, null));
        assertThat(view.timer()).isEqualTo(SocketTimer.Kind.NONE);
        assertThat(view.retransmits()).isZero();
        assertThat(view.timerMillis()).isZero();
        assertThat(view.hasInfo()).isFalse();
        assertThat(view.sendQueue()).isEqualTo(600);
    }

    @Test
    void aListenersBacklogStays() {
        ByteBuffer socket =
                mptcp(false, 1_000, 400).put(1, (byte) TcpState.LISTEN.number()).putInt(60, 128);
        view.at(Protocol.MPTCP, MptcpMessages.joined(socket, null));
        assertThat(view.sendQueue()).isEqualTo(128);
    }

    private static ByteBuffer message(int family, TcpState state) {
        return ByteBuffer.allocate(STRUCT)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, (byte) family)
                .put(1, (byte) state.number());
    }

    /** With a tcp_info of so many bytes, which has the same state. */
    private static ByteBuffer withInfo(TcpState state, int bytes) {
        ByteBuffer message = ByteBuffer.allocate(STRUCT + 4 + (bytes + 3 & -4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, message(AF_INET, state), 0, STRUCT);
        return message.putShort(STRUCT, (short) (4 + bytes))
                .putShort(STRUCT + 2, (short) DiagMessages.INET_DIAG_INFO)
                .put(STRUCT + 4, (byte) state.number());
    }

    private static void put(ByteBuffer message, TcpInfoField field, long value) {
        message.putLong(STRUCT + 4 + field.offset(), value);
    }

    /** With an mptcp_info, and buffers of an odd size. */
    private static ByteBuffer mptcp(boolean fallback, long written, long acknowledged) {
        ByteBuffer message = ByteBuffer.allocate(STRUCT + 4 + 32 + 4 + 36).order(ByteOrder.LITTLE_ENDIAN);
        message.put(0, message(AF_INET, TcpState.ESTABLISHED), 0, STRUCT)
                .putShort(4, Short.reverseBytes((short) 0x1234))
                .putShort(STRUCT, (short) 36)
                .putShort(STRUCT + 2, (short) DiagMessages.INET_DIAG_INFO)
                .putInt(STRUCT + 4 + 8, fallback ? 1 : 0)
                .putLong(STRUCT + 4 + 16, written)
                .putLong(STRUCT + 4 + 24, acknowledged);
        int buffers = STRUCT + 36;
        return message.putShort(buffers, (short) 40)
                .putShort(buffers + 2, (short) DiagMessages.INET_DIAG_SKMEMINFO)
                .putInt(buffers + 8, 0x0102_0304);
    }

    /** As in a datagram, where it isn't the first. */
    private static ByteBuffer behindOthers(ByteBuffer message) {
        return ByteBuffer.allocate(100 + message.capacity())
                .order(message.order())
                .put(100, message, 0, message.capacity())
                .position(100);
    }
}
