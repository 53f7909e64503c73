package io.tcplab.experiments;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatePathsTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress SERVER = InetAddress.ofLiteral("192.0.2.101");

    private static final List<Transition> TRANSITIONS = List.of(
            change(1, CLIENT, CLOSE, SYN_SENT),
            change(2, CLIENT, CLOSE, SYN_SENT),
            change(1, CLIENT, SYN_SENT, ESTABLISHED),
            change(3, SERVER, SYN_SENT, ESTABLISHED),
            change(2, CLIENT, SYN_SENT, CLOSE));

    @Test
    void followsEachSocketOfTheHost() {
        assertThat(ending(SYN_SENT, ESTABLISHED)).isEqualTo(1);
        assertThat(ending(CLOSE, SYN_SENT, ESTABLISHED)).isEqualTo(1);
        assertThat(ending(CLOSE, SYN_SENT, CLOSE)).isEqualTo(1);
    }

    @Test
    void aPathThatWentOnDoesNotCount() {
        assertThat(ending(CLOSE, SYN_SENT)).isZero();
    }

    @Test
    void aPathThatBeganLaterDoesNotCount() {
        assertThat(ending(FIN_WAIT1, CLOSE, SYN_SENT, ESTABLISHED)).isZero();
    }

    private static long ending(TcpState... path) {
        return StatePaths.ending(TRANSITIONS, List.of(CLIENT), StatePaths.path(path));
    }

    private static Transition change(long socket, InetAddress host, TcpState from, TcpState to) {
        InetAddress other = host.equals(CLIENT) ? SERVER : CLIENT;
        return new Transition(
                0, socket, from, to, new InetSocketAddress(host, 40_000), new InetSocketAddress(other, 80));
    }
}
