package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The view reads what the decoder does. */
class SocketMessageTest {
    private final SocketMessage view = new SocketMessage();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "established-inet",
                "close_wait-v4mapped",
                "fin_wait_2-ipv6",
                "time_wait-v4mapped",
                "syn_recv-ipv6",
                "listen-v4mapped"
            })
    void tellsTheSame(String fixture) {
        TcpSocket socket = DiagMessages.socket(Fixture.message(fixture));
        view.at(Protocol.TCP, Fixture.message(fixture));
        assertThat(view.state()).isEqualTo(socket.state());
        assertThat(new InetSocketAddress(view.localAddress(), view.localPort())).isEqualTo(socket.local());
        assertThat(new InetSocketAddress(view.peerAddress(), view.peerPort())).isEqualTo(socket.peer());
        assertThat(view.recvQueue()).isEqualTo(socket.recvQueue());
        assertThat(view.sendQueue()).isEqualTo(socket.sendQueue());
        assertThat(view.inode()).isEqualTo(socket.inode());
        assertThat(view.cookie()).isEqualTo(socket.cookie());
        assertThat(view.timer()).isEqualTo(socket.timer().kind());
        assertThat(view.timerMillis()).isEqualTo(socket.timer().expiresIn().toMillis());
        assertThat(view.hasInfo()).isEqualTo(socket.info().isPresent());
        socket.info()
                .ifPresent(info -> info.values()
                        .forEach((field, value) -> assertThat(view.info(field))
                                .as(field.kernelName())
                                .isEqualTo(value)));
    }

    @Test
    void addressesAreShared() {
        view.at(Protocol.TCP, Fixture.message("close_wait-v4mapped"));
        Object first = view.localAddress();
        view.at(Protocol.TCP, Fixture.message("established-v4mapped"));
        assertThat(view.localAddress()).isSameAs(first);
    }

    @Test
    void whatIsMissingIsAbsent() {
        view.at(Protocol.TCP, Fixture.message("time_wait-ipv6"));
        assertThat(view.info(TcpInfoField.RTT)).isEqualTo(SocketMessage.ABSENT);
    }

    @Test
    void aFullSocketHasBuffers() {
        view.at(Protocol.TCP, Fixture.message("close_wait-buffers"));
        assertThat(view.hasBuffers()).isTrue();
        assertThat(view.buffers()).isEqualTo(new SocketBuffers(838, 131_072, 0, 69_120, 3_258, 0, 0, 0, 0));
        assertThat(view.buffers().allocated()).isEqualTo(838);
        assertThat(view.isInet6()).isTrue();
        assertThat(view.hasInfo()).isFalse();
    }

    @Test
    void aMinisocketHasNone() {
        view.at(Protocol.TCP, Fixture.message("time_wait-buffers"));
        assertThat(view.hasBuffers()).isFalse();
    }

    @Test
    void whatWasNotAskedForIsNotThere() {
        view.at(Protocol.TCP, Fixture.message("established-inet"));
        assertThat(view.hasBuffers()).isFalse();
        assertThat(view.isInet6()).isFalse();
        assertThatIllegalStateException().isThrownBy(view::buffers);
    }
}
