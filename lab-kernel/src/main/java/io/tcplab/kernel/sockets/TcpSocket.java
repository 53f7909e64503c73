package io.tcplab.kernel.sockets;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One TCP socket at the moment of a census: {@code struct inet_diag_msg} of include/uapi/linux/inet_diag.h.
 *
 * @param state the state; TIME_WAIT and FIN_WAIT_2 may be minisockets, SYN_RECV a request socket
 * @param local the local address; an IPv4 address even where the socket is AF_INET6 and the address v4-mapped
 * @param peer the peer's address; the wildcard with port 0 if there is none
 * @param recvQueue bytes received and not read, plus one for a FIN not read; of a LISTEN socket, the connections that
 *     wait for accept()
 * @param sendQueue bytes written and not acknowledged; of a LISTEN socket, the limit of that queue
 * @param inode the socket's inode, as /proc/PID/fd shows it; 0 if no descriptor refers to it
 * @param uid the owner's user id, as the asking user namespace maps it
 * @param timer what it waits for
 * @param info tcp_info, if the query asked for it and the socket has one: minisockets and request sockets have none
 * @param cookie a number that no other socket had or will have while this kernel runs
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
        long cookie) {
    /** True if a process can reach it by a descriptor: not an orphan, not waiting for accept(), no minisocket. */
    public boolean hasOwner() {
        return inode != 0;
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
