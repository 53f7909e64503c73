package io.tcplab.kernel.transitions;

import io.tcplab.kernel.sockets.TcpState;
import java.net.InetSocketAddress;

/**
 * One socket's change of state.
 *
 * <p>TIME_WAIT never shows: the kernel replaces the socket by a smaller one that is not traced, and the traced one goes
 * from FIN_WAIT_2 to CLOSED. Nor does the half-open connection of a listener: it becomes a socket with the handshake's
 * last ACK, which shows as LISTEN → SYN_RECV → ESTABLISHED (inet_csk_clone_lock in net/ipv4/inet_connection_sock.c).
 *
 * @param atNanos when, on System.nanoTime's clock, by the kernel's own time stamp
 * @param socket the socket's number in its {@link Recording}, which no other has. In what {@link
 *     TransitionRecorder#await} gives it is another number, which the kernel may give to a new socket after CLOSED
 * @param local the socket's own end; its port is 0 if a connect() got none
 * @param peer the other end
 */
public record Transition(
        long atNanos, long socket, TcpState from, TcpState to, InetSocketAddress local, InetSocketAddress peer) {}
