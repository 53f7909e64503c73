package io.tcplab.kernel.sockets;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One TCP or MPTCP socket at the moment of a census: {@code struct inet_diag_msg} of include/uapi/linux/inet_diag.h. Subflows
 * of MPTCP sockets aren't included.
 *
 * @param state the state; TIME_WAIT and FIN_WAIT_2 may be minisockets, SYN_RECV a request socket
 * @param local the local address; an IPv4 address even where the socket is AF_INET6 and the address v4-mapped
 * @param peer the peer's address; the wildcard with port 0 if there is none
 * @param recvQueue bytes received and not read, plus one for a FIN not read; of a LISTEN socket, the connections that
 *     wait for accept(). Of an MPTCP socket, the memory that unread data takes with its overhead, in bytes, without the FIN
 *     (sk_rmem_alloc: mptcp_diag_get_info() in net/mptcp/mptcp_diag.c): 0 is nothing unread, and doesn't tell whether EOF was read
 * @param sendQueue bytes written and not acknowledged, plus one for a FIN; of a LISTEN socket, the limit of that queue
 * @param inode the socket's inode, as /proc/PID/fd shows it; 0 if no descriptor refers to it
 * @param uid the owner's user id, as the asking user namespace maps it
 * @param timer what it waits for; of an MPTCP socket, the subflow that heard of the peer last
 * @param info tcp_info, if the query asked for it and the socket has one: minisockets and request sockets have none. Of an MPTCP
 *     socket, that subflow's, which is in a state of its own: it stays established until both ends have closed
 * @param cookie a number that no other socket had or will have while this kernel runs
 * @param protocol which of both
 */
public record TcpSocket(
        TcpState state,
        InetSocketAddress local,
        InetSocketAddress peer,
        long recvQueue,
        long sendQueue,
        long inode,
        int uid,
        SocketTimer timer,
        Optional<TcpInfo> info,
        long cookie,
        Protocol protocol) {
    /** Its own port. */
    public int port() {
        return local.getPort();
    }

    /** True if a process can reach it by a descriptor: not an orphan, not waiting for accept(), no minisocket. */
    public boolean hasOwner() {
        return inode != 0;
    }

    /**
     * True if it closed between being found and being written down: the kernel holds some sockets of its table, lets go of the table, and
     * writes their states as they are by then (inet_diag_dump_icsk() in net/ipv4/inet_diag.c). One that went to TIME_WAIT meanwhile, or
     * closed in FIN_WAIT_2, is in CLOSE here, and the minisocket in its place isn't listed.
     */
    public boolean isLeaving() {
        return state == TcpState.CLOSE && peer.getPort() != 0;
    }

    /**
     * Connections that have been established and wait for accept().
     *
     * @throws IllegalStateException unless the socket listens
     */
    public long acceptQueue() {
        requireListen();
        return recvQueue;
    }

    /**
     * The accept queue's limit: listen()'s backlog, or {@code net.core.somaxconn} if that is less. The queue holds one
     * more.
     *
     * @throws IllegalStateException unless the socket listens
     */
    public long backlog() {
        requireListen();
        return sendQueue;
    }

    private void requireListen() {
        if (state != TcpState.LISTEN) {
            throw new IllegalStateException("only a LISTEN socket has an accept queue, this one is " + state.label());
        }
    }
}
