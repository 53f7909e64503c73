package io.tcplab.junit;

import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;

/**
 * What must not be left when a test is over.
 *
 * @param states whose sockets fail the test
 * @param asked those of them that the test has named itself
 * @param settle how long they have to pass
 */
record Leftovers(Set<TcpState> states, Set<TcpState> asked, Duration settle) {
    /** Transient states: a connection that stays in one waits for something. */
    private static final Set<TcpState> PASSING = Set.copyOf(EnumSet.of(
            TcpState.SYN_SENT,
            TcpState.SYN_RECV,
            TcpState.FIN_WAIT1,
            TcpState.FIN_WAIT2,
            TcpState.CLOSE_WAIT,
            TcpState.CLOSING,
            TcpState.LAST_ACK));

    static Leftovers of(InCell annotation) {
        Set<TcpState> states = EnumSet.copyOf(PASSING);
        states.removeAll(List.of(annotation.mayLeave()));
        Set<TcpState> asked = Set.of(annotation.mustNotLeave());
        states.addAll(asked);
        return new Leftovers(Set.copyOf(states), asked, Duration.ofMillis(annotation.settleMillis()));
    }

    /**
     * Waits for them to pass.
     *
     * @throws AssertionFailedError with the diagnosis if they don't
     */
    void requireNone(TcpCell cell) throws InterruptedException {
        Patience patience = Patience.of(settle);
        List<TcpHost> unclean;
        do {
            unclean = Stream.of(cell.client(), cell.server())
                    .filter(host -> !left(host).isEmpty())
                    .toList();
        } while (!unclean.isEmpty() && patience.waitForNextLook());
        if (!unclean.isEmpty()) {
            throw new AssertionFailedError(unclean.stream().map(this::message).collect(Collectors.joining("\n")));
        }
    }

    private String message(TcpHost host) {
        return FailureMessage.of(
                "Expecting the test to leave no sockets of %s in a transient state, %s after its end"
                        .formatted(host, Durations.text(settle)),
                host.sockets(),
                left(host),
                OptionalInt.empty());
    }

    private List<TcpSocket> left(TcpHost host) {
        return host.sockets().census().sockets().stream()
                .filter(socket -> states.contains(socket.state()))
                .filter(socket -> !passesByItself(socket))
                .toList();
    }

    /** FIN_WAIT_2 without an owner: the kernel ends it after tcp_fin_timeout. */
    private boolean passesByItself(TcpSocket socket) {
        return socket.state() == TcpState.FIN_WAIT2 && !socket.hasOwner() && !asked.contains(TcpState.FIN_WAIT2);
    }
}
