package io.tcplab.junit;

import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * An assertion about sockets, in three steps: which ones ({@link #onPort}, …), what of them ({@link #haveNone}, …), when
 * ({@link TimedAssert#within}, {@link TimedAssert#throughout}, {@link TimedAssert#now}). The third one asks the kernel.
 */
public final class TcpSocketsAssert extends AbstractAssert<TcpSocketsAssert, TcpSockets> {
    /** What is there without any connection's doing wrong: listeners, and connections that ended well. */
    private static final Set<TcpState> AT_REST = Set.copyOf(EnumSet.of(TcpState.LISTEN, TcpState.TIME_WAIT));

    private final Selection selection;

    TcpSocketsAssert(TcpSockets actual) {
        this(actual, Selection.ALL);
    }

    private TcpSocketsAssert(TcpSockets actual, Selection selection) {
        super(actual, TcpSocketsAssert.class);
        this.selection = selection;
    }

    /** Only sockets with this local port: a server's. */
    public TcpSocketsAssert onPort(int port) {
        return narrowed(selection
                .and("on port " + port, socket -> socket.local().getPort() == port)
                .withPort(port));
    }

    /** Only sockets with this peer's port: those that a client has opened. */
    public TcpSocketsAssert toPort(int port) {
        return narrowed(selection
                .and("to port " + port, socket -> socket.peer().getPort() == port)
                .withPort(port));
    }

    /** Only sockets with this peer. */
    public TcpSocketsAssert withPeer(InetAddress peer) {
        return narrowed(selection.and(
                "with peer " + peer.getHostAddress(),
                socket -> peer.equals(socket.peer().getAddress())));
    }

    /** Only sockets that a process has a descriptor of: accepted, and not closed. */
    public TcpSocketsAssert held() {
        return narrowed(selection.and("held by a process", TcpSocket::hasOwner));
    }

    private TcpSocketsAssert narrowed(Selection narrower) {
        TcpSocketsAssert narrowed = new TcpSocketsAssert(actual, narrower);
        narrowed.info.useRepresentation(info.representation());
        narrowed.info.description(info.description());
        return narrowed;
    }

    /** None of them is in one of these states. */
    public TimedAssert haveNone(TcpState state, TcpState... others) {
        Set<TcpState> states = EnumSet.of(state, others);
        return counting("no " + names(states), states, count -> count == 0);
    }

    /** At most this many of them are in one of these states. */
    public TimedAssert haveAtMost(int limit, TcpState state, TcpState... others) {
        Set<TcpState> states = EnumSet.of(state, others);
        return counting("at most " + limit + " " + names(states), states, count -> count <= limit);
    }

    /** At least this many of them are in one of these states. */
    public TimedAssert haveAtLeast(int number, TcpState state, TcpState... others) {
        Set<TcpState> states = EnumSet.of(state, others);
        return counting("at least " + number + " " + names(states), states, count -> count >= number);
    }

    /** Exactly this many of them are in one of these states. */
    public TimedAssert haveExactly(int number, TcpState state, TcpState... others) {
        Set<TcpState> states = EnumSet.of(state, others);
        return counting("exactly " + number + " " + names(states), states, count -> count == number);
    }

    /** No connection is left: there are but listeners, and TIME_WAIT, which is how a connection ends well. */
    public TimedAssert haveNoConnections() {
        Set<TcpState> states = EnumSet.copyOf(TcpState.reported());
        states.removeAll(AT_REST);
        return counting("no connections (except TIME_WAIT)", states, count -> count == 0);
    }

    private TimedAssert counting(String what, Set<TcpState> states, IntPredicate wanted) {
        return new TimedAssert(this, actual, new SocketExpectation(selection, what, states, wanted));
    }

    private static String names(Set<TcpState> states) {
        return states.stream().map(TcpState::label).collect(Collectors.joining(" or "));
    }

    void fail(String message) {
        failWithMessage("%s", message);
    }
}
