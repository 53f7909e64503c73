package io.tcplab.kernel.sockets;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

    /** How many sockets in this state are like that. */
    public long count(TcpState state, Predicate<TcpSocket> which) {
        return in(state).stream().filter(which).count();
    }

    /** How many sockets are in any other state than this. */
    public int besides(TcpState state) {
        return size() - count(state);
    }

    /** How many sockets there are. */
    public int size() {
        return sockets.size();
    }

    /** Whether there is no socket at all. */
    public boolean isEmpty() {
        return sockets.isEmpty();
    }

    /** Whether no socket is in any of these states. */
    public boolean none(TcpState... states) {
        return Stream.of(states).allMatch(state -> count(state) == 0);
    }

    /** Whether each socket is in one of these states. */
    public boolean only(TcpState... states) {
        return Stream.of(states).mapToInt(this::count).sum() == size();
    }

    /** Bytes that have arrived at the sockets in this state and nobody has read, one for each FIN among them. */
    public long unread(TcpState state) {
        return in(state).stream().mapToLong(TcpSocket::recvQueue).sum();
    }

    /** Bytes that the sockets have sent, or are to send, and nobody has acknowledged. */
    public long unacknowledged() {
        return sockets.stream().mapToLong(TcpSocket::sendQueue).sum();
    }

    /** How often what a socket waits to have acknowledged was retransmitted: the most of any socket. */
    public int retransmits() {
        return sockets.stream()
                .mapToInt(socket -> socket.timer().retransmits())
                .max()
                .orElse(0);
    }

    /** Connections that wait for accept(), at whichever listener. */
    public long acceptQueue() {
        return in(TcpState.LISTEN).stream().mapToLong(TcpSocket::acceptQueue).sum();
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
