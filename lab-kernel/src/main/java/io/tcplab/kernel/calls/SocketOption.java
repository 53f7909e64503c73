package io.tcplab.kernel.calls;

import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.ffm.SocketCalls;

/** The options of a TCP socket that take an int, under the names that setsockopt(2) has for them. */
public enum SocketOption {
    // include/uapi/asm-generic/socket.h
    /** 1: bind() overlooks TIME_WAIT on the port, if the socket that left it behind had this set, too. */
    SO_REUSEADDR(Libc.SOL_SOCKET, 2),
    /** Bytes; the kernel doubles it. */
    SO_SNDBUF(Libc.SOL_SOCKET, 7),
    /** Bytes; the kernel doubles it. Before connect() or listen() it bounds the window, too. */
    SO_RCVBUF(Libc.SOL_SOCKET, Libc.SO_RCVBUF),
    /** 1: probe an idle peer. */
    SO_KEEPALIVE(Libc.SOL_SOCKET, 9),
    // include/uapi/linux/in.h
    /** 1: bind() to an address with port 0 leaves the choice of the port to connect(), which knows the destination. */
    IP_BIND_ADDRESS_NO_PORT(SocketCalls.IPPROTO_IP, 24),
    // include/uapi/linux/tcp.h
    /** 1: small segments go out at once (no Nagle). */
    TCP_NODELAY(SocketCalls.IPPROTO_TCP, 1),
    /** Seconds of idleness before the first keepalive probe. */
    TCP_KEEPIDLE(SocketCalls.IPPROTO_TCP, 4),
    /** Seconds between keepalive probes. */
    TCP_KEEPINTVL(SocketCalls.IPPROTO_TCP, 5),
    /** Unanswered probes after which the connection is dead. */
    TCP_KEEPCNT(SocketCalls.IPPROTO_TCP, 6),
    /** Seconds of FIN_WAIT_2 once no process holds the socket; 0 for tcp_fin_timeout, less for none at all. */
    TCP_LINGER2(SocketCalls.IPPROTO_TCP, 8),
    /** Seconds that a listener waits for data before it reports a connection; until then the kernel keeps a request socket. */
    TCP_DEFER_ACCEPT(SocketCalls.IPPROTO_TCP, 9),
    /** 1: acknowledge at once. Not lasting: the kernel goes back to delaying as it sees fit. */
    TCP_QUICKACK(SocketCalls.IPPROTO_TCP, 12),
    /**
     * Milliseconds that sent data may stay unacknowledged, and that a window may stay closed, even if the peer answers each
     * probe (tcp_probe_timer() in net/ipv4/tcp_timer.c); 0 for the kernel's default (tcp_retries2).
     */
    TCP_USER_TIMEOUT(SocketCalls.IPPROTO_TCP, 18);

    private final int level;
    private final int number;

    SocketOption(int level, int number) {
        this.level = level;
        this.number = number;
    }

    int level() {
        return level;
    }

    int number() {
        return number;
    }
}
