package io.tcplab.kernel.transitions;

import io.tcplab.kernel.sockets.TcpState;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells one socket's transitions from the next one's at the same place in memory, numbers the sockets, and completes
 * their openings.
 *
 * <p>An opening can come before the socket knows its ends: connect() chooses the port after CLOSED → SYN_SENT
 * (tcp_v4_connect in net/ipv4/tcp_ipv4.c), and up to Linux 6.14 an accepted socket gets its addresses after LISTEN →
 * SYN_RECV (inet_csk_clone_lock in net/ipv4/inet_connection_sock.c). The same socket's next transition has them.
 */
final class SocketLives {
    private final TransitionLog log;
    /** The sockets that have not come to CLOSED yet, by their place in memory. */
    private final Map<Long, Life> lives = new HashMap<>();

    private long sockets;

    /**
     * @param row its last transition so far
     */
    private record Life(long number, int row) {}

    SocketLives(TransitionLog log) {
        this.log = log;
    }

    /**
     * Goes through the log once.
     *
     * @param byTime its rows in the order of time
     */
    void follow(int[] byTime) {
        for (int row : byTime) {
            Life before = lives.remove(log.socket(row));
            long number = before != null && goesOn(before, row) ? before.number : ++sockets;
            if (log.to(row) != TcpState.CLOSE) {
                lives.put(log.socket(row), new Life(number, row));
            }
            log.renumber(row, number);
        }
    }

    /** Where transitions were lost, what was a socket may by now be another one: it goes on only from where it was. */
    private boolean goesOn(Life before, int row) {
        boolean same = !isOpening(row) && log.from(row) == log.to(before.row);
        if (same && isOpening(before.row)) {
            log.copyEndpoints(row, before.row);
        }
        return same;
    }

    private boolean isOpening(int row) {
        TcpState from = log.from(row);
        return from == TcpState.CLOSE || (from == TcpState.LISTEN && log.to(row) == TcpState.SYN_RECV);
    }
}
