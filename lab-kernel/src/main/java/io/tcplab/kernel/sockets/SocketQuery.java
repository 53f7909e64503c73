package io.tcplab.kernel.sockets;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which sockets a census wants. The kernel does the filtering.
 *
 * @param states the states; NEW_SYN_RECV stands for SYN_RECV, as which sock_diag reports it; CLOSE for sockets that are bound
 *     to a port and neither listen nor are connected, of which older kernels than 6.8 tell nothing (inet_diag_dump_icsk() in
 *     net/ipv4/inet_diag.c)
 * @param localPort only sockets with this local port
 * @param peerPort only sockets with this peer's port
 * @param tcpInfo whether each socket shall carry its tcp_info, which costs the kernel a lock and 280 bytes a socket
 * @param buffers whether each full socket shall carry its {@link SocketBuffers}
 */
public record SocketQuery(
        Set<TcpState> states, OptionalInt localPort, OptionalInt peerPort, boolean tcpInfo, boolean buffers) {
    private static final int HIGHEST_PORT = 0xffff;

    public SocketQuery {
        if (states.isEmpty()) {
            throw new IllegalArgumentException("a query without a state finds nothing");
        }
        states = Set.copyOf(states);
        localPort.ifPresent(SocketQuery::requirePort);
        peerPort.ifPresent(SocketQuery::requirePort);
    }

    /** Without buffers. */
    public SocketQuery(Set<TcpState> states, OptionalInt localPort, OptionalInt peerPort, boolean tcpInfo) {
        this(states, localPort, peerPort, tcpInfo, false);
    }

    /** Every socket, without tcp_info. */
    public static SocketQuery all() {
        return new SocketQuery(TcpState.reported(), OptionalInt.empty(), OptionalInt.empty(), false);
    }

    /** Every socket in one of these states. */
    public static SocketQuery ofStates(TcpState first, TcpState... others) {
        return new SocketQuery(EnumSet.of(first, others), OptionalInt.empty(), OptionalInt.empty(), false);
    }

    /** As this, in other states. */
    SocketQuery inStates(Set<TcpState> others) {
        return new SocketQuery(others, localPort, peerPort, tcpInfo, buffers);
    }

    /** As this, with a local port. */
    public SocketQuery withLocalPort(int port) {
        return new SocketQuery(states, OptionalInt.of(port), peerPort, tcpInfo, buffers);
    }

    /** As this, with a peer's port. */
    public SocketQuery withPeerPort(int port) {
        return new SocketQuery(states, localPort, OptionalInt.of(port), tcpInfo, buffers);
    }

    /** As this, with tcp_info. */
    public SocketQuery withTcpInfo() {
        return new SocketQuery(states, localPort, peerPort, true, buffers);
    }

    /** As this, with buffers. */
    public SocketQuery withBuffers() {
        return new SocketQuery(states, localPort, peerPort, tcpInfo, true);
    }

    private static void requirePort(int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and " + HIGHEST_PORT);
        }
    }
}
