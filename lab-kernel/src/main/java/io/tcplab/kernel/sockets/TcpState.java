package io.tcplab.kernel.sockets;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a TCP socket, with the kernel's numbers (include/net/tcp_states.h) and, as labels, the names of RFC
 * 9293 section 3.3.2.
 */
public enum TcpState {
    ESTABLISHED(1, "ESTABLISHED"),
    SYN_SENT(2, "SYN_SENT"),
    /** SYN-RECEIVED. sock_diag also says this of a request socket, whose own state is {@link #NEW_SYN_RECV}. */
    SYN_RECV(3, "SYN_RECV"),
    FIN_WAIT1(4, "FIN_WAIT_1"),
    FIN_WAIT2(5, "FIN_WAIT_2"),
    TIME_WAIT(6, "TIME_WAIT"),
    /**
     * CLOSED. A closed socket is in no table but, if it has one, in that of bound ports. A census meets those only if it asks
     * for this state: {@link SocketQuery#states}.
     */
    CLOSE(7, "CLOSED"),
    CLOSE_WAIT(8, "CLOSE_WAIT"),
    LAST_ACK(9, "LAST_ACK"),
    LISTEN(10, "LISTEN"),
    CLOSING(11, "CLOSING"),
    /**
     * A request socket: a SYN has been answered and no full socket exists yet. sock_diag reports it as {@link
     * #SYN_RECV} (inet_req_diag_fill() in net/ipv4/inet_diag.c).
     */
    NEW_SYN_RECV(12, "NEW_SYN_RECV");

    private static final TcpState[] STATES = values();

    /** TCP_BOUND_INACTIVE of include/net/tcp_states.h, by which sock_diag is asked for sockets that are bound and closed. */
    private static final int BOUND_INACTIVE = 13;

    /** The states that sock_diag reports. */
    private static final Set<TcpState> REPORTED = Set.copyOf(EnumSet.complementOf(EnumSet.of(CLOSE, NEW_SYN_RECV)));

    private final int number;
    private final String label;

    TcpState(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /**
     * The state with the kernel's number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TcpState of(int number) {
        if (number < 1 || number > STATES.length) {
            throw new IllegalArgumentException("no TCP state has the number " + number);
        }
        return STATES[number - 1];
    }

    /** The states in which a census can find a socket. */
    public static Set<TcpState> reported() {
        return REPORTED;
    }

    /** Whether both ends have agreed on their sequence numbers: RFC 9293 section 3.5.2 calls these states synchronized. */
    public boolean isSynchronized() {
        return switch (this) {
            case ESTABLISHED, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSE_WAIT, LAST_ACK, CLOSING -> true;
            case SYN_SENT, SYN_RECV, NEW_SYN_RECV, LISTEN, CLOSE -> false;
        };
    }

    /** Whether this end has closed, or half closed, so that its FIN is on its way or acknowledged. */
    public boolean hasSentFin() {
        return switch (this) {
            case FIN_WAIT1, FIN_WAIT2, CLOSING, LAST_ACK, TIME_WAIT -> true;
            case ESTABLISHED, CLOSE_WAIT, SYN_SENT, SYN_RECV, NEW_SYN_RECV, LISTEN, CLOSE -> false;
        };
    }

    /** The kernel's number. */
    public int number() {
        return number;
    }

    /** The RFC's name, with underscores: "FIN_WAIT_2". */
    public String label() {
        return label;
    }

    /** The state's bit in {@code idiag_states}. */
    int bit() {
        return switch (this) {
            case NEW_SYN_RECV -> SYN_RECV.bit();
            case CLOSE -> 1 << BOUND_INACTIVE;
            default -> 1 << number;
        };
    }
}
