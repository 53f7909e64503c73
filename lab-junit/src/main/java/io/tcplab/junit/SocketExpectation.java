package io.tcplab.junit;

import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * How many sockets may be in which states.
 *
 * @param selection which sockets are meant
 * @param what what is wanted, as in "no CLOSE_WAIT"
 * @param states whose sockets count
 * @param wanted whether this many are right
 */
record SocketExpectation(Selection selection, String what, Set<TcpState> states, IntPredicate wanted) {
    SocketExpectation {
        states = Set.copyOf(states);
    }

    List<TcpSocket> counted(Census census) {
        return selection.of(census).stream()
                .filter(socket -> states.contains(socket.state()))
                .toList();
    }

    boolean isMet(List<TcpSocket> counted) {
        return wanted.test(counted.size());
    }
}
