package io.tcplab.kernel.wire;

import static io.tcplab.kernel.wire.TcpFlag.ACK;
import static io.tcplab.kernel.wire.TcpFlag.RST;
import static io.tcplab.kernel.wire.TcpFlag.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Hosts on the wire that die silently, come back, or are forged. */
class WireHostsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @AutoClose
    private final WireCell cell = new WireCell();

    private final Wire wire = cell.wire();

    @Test
    void aForgedSynIsAnsweredToAnAddressThatNobodyHas() throws Exception {
        ServerSocketChannel listener = cell.listen();
        InetSocketAddress nobody = new InetSocketAddress("198.51.100.7", 4242);
        wire.inject(
                Direction.CLIENT_TO_SERVER,
                Segment.from(nobody, WireCell.address(listener))
                        .flags(SYN)
                        .sequence(0xffff_ffffL)
                        .options(new TcpOption.MaximumSegmentSize(1460))
                        .build());
        WireSegment answer = wire.await(s -> s.segment().has(SYN) && s.segment().has(ACK), SOON)
                .orElseThrow();
        assertThat(answer.segment().destination()).isEqualTo(nobody);
        assertThat(answer.segment().acknowledgment()).isZero();
        assertThat(wire.segments().getFirst().comment()).isEqualTo("injected");
        assertThat(census(Side.SERVER, TcpState.SYN_RECV)).isEqualTo(1);
    }

    @Test
    void aForgedSynFromTheClientsAddressIsEndedByTheClientsKernel() throws Exception {
        ServerSocketChannel listener = cell.listen();
        wire.inject(
                Direction.CLIENT_TO_SERVER,
                Segment.from(cell.freeAddress(Side.CLIENT), WireCell.address(listener))
                        .flags(SYN)
                        .sequence(7)
                        .build());
        WireSegment reset = wire.await(
                        s -> s.direction() == Direction.CLIENT_TO_SERVER
                                && s.segment().has(RST),
                        SOON)
                .orElseThrow();
        assertThat(reset.segment().sequence()).isEqualTo(8);
        Await.until(() -> census(Side.SERVER, TcpState.SYN_RECV), count -> count == 0);
    }

    private SocketChannel connected(ServerSocketChannel listener) throws Exception {
        SocketChannel client = cell.connect(listener);
        cell.accept(listener);
        return client;
    }

    @Test
    void aSilencedHostIsNotHeardAndForgetsUnheard() throws Exception {
        SocketChannel client = connected(cell.listen());
        wire.silence(Side.SERVER);
        try (SockDiag sockets = SockDiag.open(cell.server())) {
            assertThat(sockets.destroy(SocketQuery.ofStates(TcpState.ESTABLISHED)))
                    .isEqualTo(1);
        }
        WireSegment reset = wire.await(s -> s.segment().has(RST), SOON).orElseThrow();
        assertThat(reset.delivered()).isFalse();
        assertThat(reset.comment()).isEqualTo("lost: the host is silenced");
        WireCell.write(client, "anybody?");
        assertThat(wire.await(
                        s -> s.segment().payloadLength() > 0 && s.verdict().kind() == Verdict.Kind.SILENCED, SOON))
                .isPresent();
        assertThat(census(Side.CLIENT, TcpState.ESTABLISHED)).isEqualTo(1);

        wire.comeBack(Side.SERVER);
        assertThat(wire.await(s -> s.segment().has(RST) && s.delivered(), SOON))
                .as("the answer to what was retransmitted")
                .isPresent();
        assertThatThrownBy(() -> WireCell.read(client, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void aRebootedHostAnswersWithResetAndListensAgain() throws Exception {
        ServerSocketChannel listener = cell.listen();
        SocketChannel client = connected(listener);
        wire.reboot(Side.SERVER);
        assertThat(census(Side.CLIENT, TcpState.ESTABLISHED)).as("half-open").isEqualTo(1);
        assertThat(census(Side.SERVER, TcpState.ESTABLISHED)).isZero();
        WireCell.write(client, "still there?");
        assertThatThrownBy(() -> WireCell.read(client, 1)).isInstanceOf(IOException.class);
        assertThat(wire.segments())
                .filteredOn(s -> s.segment().has(RST) && s.delivered())
                .singleElement()
                .satisfies(s -> assertThat(s.direction()).isEqualTo(Direction.SERVER_TO_CLIENT));
        assertThat(cell.connect(listener).isConnected()).isTrue();
    }

    private int census(Side side, TcpState state) {
        try (SockDiag sockets = SockDiag.open(side == Side.CLIENT ? cell.client() : cell.server())) {
            return sockets.census(SocketQuery.ofStates(state)).sockets().size();
        }
    }
}
