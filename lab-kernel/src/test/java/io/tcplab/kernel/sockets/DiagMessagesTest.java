package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decodes what a kernel has sent; see the README beside the fixtures. */
class DiagMessagesTest {
    private static final SocketTimer NO_TIMER = new SocketTimer(SocketTimer.Kind.NONE, Duration.ZERO, 0);

    @ParameterizedTest
    @CsvSource({
        "established-inet,     ESTABLISHED, 127.0.0.1, 48286, 127.0.0.1, 38901",
        "established-v4mapped, ESTABLISHED, 10.77.0.2, 40561, 10.77.0.1, 37002",
        "established-ipv6,     ESTABLISHED, fd77::2,   40561, fd77::1,   50274",
        "close_wait-v4mapped,  CLOSE_WAIT,  10.77.0.2, 40561, 10.77.0.1, 37002",
        "close_wait-ipv6,      CLOSE_WAIT,  fd77::2,   40561, fd77::1,   50274",
        "fin_wait_2-v4mapped,  FIN_WAIT2,   10.77.0.1, 37002, 10.77.0.2, 40561",
        "fin_wait_2-ipv6,      FIN_WAIT2,   fd77::1,   50274, fd77::2,   40561",
        "time_wait-v4mapped,   TIME_WAIT,   10.77.0.1, 37002, 10.77.0.2, 40561",
        "time_wait-ipv6,       TIME_WAIT,   fd77::1,   50274, fd77::2,   40561",
        "syn_recv-v4mapped,    SYN_RECV,    10.77.0.2, 40561, 10.77.0.1, 37020",
        "syn_recv-ipv6,        SYN_RECV,    fd77::2,   40561, fd77::1,   50288",
        "listen-v4mapped,      LISTEN,      10.77.0.2, 40561, ::,        0",
        "listen-ipv6,          LISTEN,      fd77::2,   40561, ::,        0",
    })
    void statesAndAddresses(String fixture, TcpState state, String local, int localPort, String peer, int peerPort) {
        TcpSocket socket = DiagMessages.socket(Fixture.message(fixture));
        assertThat(socket.state()).isEqualTo(state);
        assertThat(socket.local()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(local), localPort));
        assertThat(socket.peer()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(peer), peerPort));
    }

    @Test
    void aConnectionHasQueuesOwnerAndInfo() {
        TcpSocket socket = DiagMessages.socket(Fixture.message("close_wait-v4mapped"));
        assertThat(socket.recvQueue()).as("6 bytes and the FIN").isEqualTo(7);
        assertThat(socket.sendQueue()).isZero();
        assertThat(socket.inode()).isEqualTo(8_210_427);
        assertThat(socket.hasOwner()).isTrue();
        assertThat(socket.uid()).isZero();
        assertThat(socket.cookie()).isEqualTo(12_079);
        assertThat(socket.timer()).isEqualTo(NO_TIMER);
        assertThat(socket.info().orElseThrow().require(TcpInfoField.BYTES_RECEIVED))
                .isEqualTo(7);
    }

    @Test
    void aListenerTellsItsAcceptQueue() {
        TcpSocket socket = DiagMessages.socket(Fixture.message("listen-ipv6"));
        assertThat(socket.acceptQueue()).isEqualTo(1);
        assertThat(socket.backlog()).isEqualTo(5);
    }

    @Test
    void aRequestSocketWaitsToSendItsSynAckAgain() {
        TcpSocket socket = DiagMessages.socket(Fixture.message("syn_recv-v4mapped"));
        assertThat(socket.timer()).isEqualTo(new SocketTimer(SocketTimer.Kind.RETRANSMIT, Duration.ofMillis(996), 0));
        assertThat(socket.hasOwner()).isFalse();
        assertThat(socket.info()).isEmpty();
    }

    @Test
    void aMinisocketWaitsForItsEnd() {
        TcpSocket socket = DiagMessages.socket(Fixture.message("time_wait-ipv6"));
        assertThat(socket.timer()).isEqualTo(new SocketTimer(SocketTimer.Kind.TIME_WAIT, Duration.ofMinutes(1), 0));
        assertThat(socket.hasOwner()).isFalse();
        assertThat(socket.info()).isEmpty();
    }

    @Test
    void decodingLeavesTheBufferAlone() {
        ByteBuffer behindOtherBytes = ByteBuffer.allocate(1024).position(100);
        ByteBuffer message = Fixture.message("established-ipv6");
        TcpSocket expected = DiagMessages.socket(message);
        behindOtherBytes.put(message.duplicate()).flip().position(100).order(message.order());
        assertThat(DiagMessages.socket(behindOtherBytes)).isEqualTo(expected);
        assertThat(behindOtherBytes.position()).isEqualTo(100);
        assertThat(DiagMessages.state(behindOtherBytes)).isEqualTo(TcpState.ESTABLISHED.number());
    }

    @Test
    void linkLocalAddressesKeepTheirInterface() {
        ByteBuffer message = Fixture.message("established-ipv6");
        // idiag_src becomes fe80::…, idiag_if 2
        message.put(8, (byte) 0xfe).put(9, (byte) 0x80).putInt(40, 2);
        assertThat(DiagMessages.socket(message).local().getAddress().getHostAddress())
                .isEqualTo("fe80:0:0:0:0:0:0:2%2");
    }
}
