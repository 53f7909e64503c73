package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.transport.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a load makes TCP do, by the kernel's word. */
@ParameterizedClass
@EnumSource(Transport.class)
class WireTest extends ClientFixture {
    private static final int SIZE = 64;
    private static final int TIMES = 25;

    WireTest(Transport transport) {
        super(transport);
    }

    /** Else a peer's ACK that comes after its FIN is answered, and the RST to that ends TIME_WAIT (RFC 1337). */
    @BeforeEach
    void keepTimeWait() {
        Sysctls.of(namespace).write("net.ipv4.tcp_rfc1337", "1");
    }

    @Test
    void theClientKeepsTimeWaitWhenItClosesFirst() {
        Peer peer = peer(Peer.echo());
        run(times(TIMES, plan(new ShortLived(), peer)));
        until(() -> peer.served() == TIMES, peer::served);
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT).withPeerPort(peer.port()), TIMES);
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT).withLocalPort(peer.port()), 0);
    }

    @Test
    void theServerKeepsTimeWaitWhenItClosesFirst() {
        Peer peer = peer(Peer.echoOnly(SIZE));
        run(times(TIMES, plan(new ShortLived(1, ShortLived.Closer.SERVER), peer)));
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT).withLocalPort(peer.port()), TIMES);
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT).withPeerPort(peer.port()), 0);
    }

    @Test
    void lingerZeroLeavesNoTimeWait() {
        Peer peer = peer(Peer.echo());
        Counters counted = countedDuring(
                () -> run(times(TIMES, plan(new ShortLived(), peer)).withLingerZero(true)));
        assertThat(counted.get("TcpOutRsts")).isEqualTo(TIMES);
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT), 0);
    }

    @Test
    void anAbortAfterTheEchoIsAlwaysCountedAsOnData() {
        Peer peer = peer(Peer.echo());
        Counters counted = countedDuring(() -> run(times(TIMES, plan(new Abort(Abort.Moment.ECHO), peer))));
        assertThat(counted.get("TcpExtTCPAbortOnData")).isEqualTo(TIMES);
        assertThat(counted.get("TcpOutRsts")).isEqualTo(TIMES);
        assertTimeWait(SocketQuery.ofStates(TcpState.TIME_WAIT), 0);
    }

    @Test
    void aHalfClosedClientIsInFinWait2WhileTheServerIsInCloseWait() {
        Peer peer = peer(connection -> {
            connection.getInputStream().readAllBytes();
            connection.getOutputStream().write(1);
            connection.getInputStream().read();
            awaitStates(connection.getLocalPort());
        });
        LoadReport report = run(times(1, plan(new HalfClose(), peer)));
        assertThat(report.completed()).isEqualTo(1);
        until(() -> peer.served() == 1, peer::failures);
    }

    private void awaitStates(int port) {
        try (SockDiag diag = SockDiag.open(namespace)) {
            SocketQuery client = SocketQuery.ofStates(TcpState.FIN_WAIT2).withPeerPort(port);
            SocketQuery server = SocketQuery.ofStates(TcpState.CLOSE_WAIT).withLocalPort(port);
            until(
                    () -> diag.census(client).sockets().size() == 1
                            && diag.census(server).sockets().size() == 1,
                    () -> diag.census(SocketQuery.all()));
        }
    }

    private Counters countedDuring(Runnable run) {
        try (CounterReader reader = CounterReader.open(namespace)) {
            Counters before = reader.read();
            run.run();
            return reader.read().since(before);
        }
    }

    private void assertTimeWait(SocketQuery query, int sockets) {
        try (SockDiag diag = SockDiag.open(namespace)) {
            until(() -> diag.census(query).sockets().size() == sockets, () -> diag.census(query));
        }
    }
}
