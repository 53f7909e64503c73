package io.tcplab.diagnose.sample;

import io.tcplab.kernel.sockets.Protocol;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or MPTCP socket in a sample; small, since there may be hundreds of thousands. The members are those of {@link
 * io.tcplab.kernel.sockets.TcpSocket}, where they are explained.
 *
 * @param timerMillis what the timer has left
 * @param retransmits how often it has fired in a row without an answer
 * @param activity from tcp_info, of an MPTCP socket its subflow's; null for minisockets, request sockets and listeners
 * @param mptcp whether it is an MPTCP socket: its Recv-Q is memory, not bytes, and the peer's end isn't counted in it (sk_rmem_alloc,
 *     mptcp_diag_get_info() in net/mptcp/mptcp_diag.c). More than 0 says that something is unread; 0 doesn't say that the end was
 *     read
 */
public record SocketRow(
        TcpState state,
        InetAddress localAddress,
        int localPort,
        InetAddress peerAddress,
        int peerPort,
        long recvQueue,
        long sendQueue,
        long inode,
        int uid,
        SocketTimer.Kind timer,
        long timerMillis,
        int retransmits,
        long cookie,
        @Nullable Activity activity,
        boolean mptcp) {

    /** Keeps what matters of the kernel's message. */
    static SocketRow of(SocketMessage message) {
        TcpState state = message.state();
        boolean connection = state != TcpState.LISTEN && state != TcpState.TIME_WAIT && message.hasInfo();
        return of(message, state, connection ? Activity.of(message) : null);
    }

    /** As {@link #of}, without looking for tcp_info. */
    static SocketRow withoutInfo(SocketMessage message) {
        return of(message, message.state(), null);
    }

    private static SocketRow of(SocketMessage message, TcpState state, @Nullable Activity activity) {
        return new SocketRow(
                state,
                message.localAddress(),
                message.localPort(),
                message.peerAddress(),
                message.peerPort(),
                message.recvQueue(),
                message.sendQueue(),
                message.inode(),
                message.uid(),
                message.timer(),
                message.timerMillis(),
                message.retransmits(),
                message.cookie(),
                activity,
                message.protocol() == Protocol.MPTCP);
    }

    /** Whether some process has a descriptor of it: it is no orphan, no minisocket, and has been accepted. */
    public boolean isHeld() {
        return inode != 0;
    }

    /** Whether it is its own peer: a simultaneous open of one socket with itself (RFC 9293 section 3.5, figure 8). */
    public boolean isSelfConnected() {
        return localPort == peerPort && localPort != 0 && localAddress.equals(peerAddress);
    }

    /**
     * Milliseconds since the last segment of any kind came; {@link SocketMessage#ABSENT} if the kernel doesn't say, as before the
     * handshake is over. It takes both ages, as keepalive does (keepalive_time_elapsed() in include/net/tcp.h): see {@link
     * io.tcplab.kernel.sockets.TcpInfoField#LAST_ACK_RECV}.
     */
    public long silentMillis() {
        if (activity == null) {
            return SocketMessage.ABSENT;
        }
        return activity.lastDataRecv() < 0
                ? activity.lastAckRecv()
                : Math.min(activity.lastAckRecv(), activity.lastDataRecv());
    }

    /** {@code 10.0.0.1:8080}, an IPv6 address in brackets. */
    public String local() {
        return endpoint(localAddress, localPort);
    }

    /** As {@link #local}, the other end. */
    public String peer() {
        return endpoint(peerAddress, peerPort);
    }

    static String endpoint(InetAddress address, int port) {
        String text = address.getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }
}
