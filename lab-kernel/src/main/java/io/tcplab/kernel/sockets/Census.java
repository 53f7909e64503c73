package io.tcplab.kernel.sockets;

import java.util.List;

/**
 * What the kernel said about its TCP sockets.
 *
 * @param atNanos when the kernel was asked, as System.nanoTime() says it (CLOCK_MONOTONIC)
 * @param sockets the sockets, in no order that means anything
 * @param complete false if the kernel's table changed under each of the tries: see {@link SockDiag}
 */
public record Census(long atNanos, List<TcpSocket> sockets, boolean complete) {
    public Census {
        sockets = List.copyOf(sockets);
    }

    /** How many sockets are in this state. */
    public int count(TcpState state) {
        return counts().of(state);
    }

    /** How many sockets are in each state. */
    public StateCounts counts() {
        int[] byNumber = new int[TcpState.values().length + 1];
        for (TcpSocket socket : sockets) {
            byNumber[socket.state().number()]++;
        }
        return StateCounts.of(atNanos, byNumber, complete);
    }

    /** The sockets in this state. */
    public List<TcpSocket> in(TcpState state) {
        return sockets.stream().filter(socket -> socket.state() == state).toList();
    }
}
