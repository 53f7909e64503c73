package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketQueryTest {
    @Test
    void conditionsAddUp() {
        SocketQuery query = SocketQuery.ofStates(TcpState.LISTEN, TcpState.CLOSE_WAIT)
                .withLocalPort(80)
                .withPeerPort(0)
                .withTcpInfo();
        assertThat(query)
                .isEqualTo(new SocketQuery(
                        EnumSet.of(TcpState.LISTEN, TcpState.CLOSE_WAIT), OptionalInt.of(80), OptionalInt.of(0), true));
    }

    @Test
    void allMeansEachStateThatSockDiagReports() {
        assertThat(SocketQuery.all().states()).hasSize(10).doesNotContain(TcpState.CLOSE, TcpState.NEW_SYN_RECV);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void refusesWhatIsNoPort(int port) {
        assertThatIllegalArgumentException().isThrownBy(() -> SocketQuery.all().withLocalPort(port));
        assertThatIllegalArgumentException().isThrownBy(() -> SocketQuery.all().withPeerPort(port));
    }

    @Test
    void refusesToAskForNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SocketQuery(Set.of(), OptionalInt.empty(), OptionalInt.empty(), false));
    }

    @ParameterizedTest
    @EnumSource(TcpState.class)
    void statesAreFoundByNumber(TcpState state) {
        assertThat(TcpState.of(state.number())).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 13})
    void refusesNumbersThatAreNoState(int number) {
        assertThatIllegalArgumentException().isThrownBy(() -> TcpState.of(number));
    }
}
