package io.tcplab.diagnose.sample;

import io.tcplab.kernel.sockets.Protocol;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or MPTCP socket in a sample; small, since there may be hundreds of thousands. The members are those of {@link
 * io.tcplab.kernel.sockets.TcpSocket}, where they are explained.
 *
 * @param timerMillis what the timer has left, at {@code seenNanos}
 * @param retransmits how often it has fired in a row without an answer
 * @param activity from tcp_info, of an MPTCP socket its subflow's; null for minisockets, request sockets and listeners
 * @param mptcp whether it is an MPTCP socket: its Recv-Q is memory, not bytes, and the peer's end isn't counted in it (sk_rmem_alloc,
 *     mptcp_diag_get_info() in net/mptcp/mptcp_diag.c). More than 0 says that something is unread; 0 doesn't say that the end was
 *     read
 * @param seenNanos which look this is from, by {@link Sample#atNanos}: ages and what a timer has left are as of then. A later look to which
 *     the kernel said the same may have kept the row: see {@link #asOf}
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
        boolean mptcp,
        long seenNanos) {

    /** Ages count from a tick of the kernel's clock, and a look lists one socket after the other. */
    private static final long INACCURACY_MILLIS = 100;

    /**
     * Keeps what matters of the kernel's message.
     *
     * @param withInfo whether to look for tcp_info
     */
    static SocketRow of(SocketMessage message, boolean withInfo, long seenNanos) {
        TcpState state = message.state();
        boolean connection = state != TcpState.LISTEN && state != TcpState.TIME_WAIT;
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
                withInfo && connection && message.hasInfo() ? Activity.of(message) : null,
                message.protocol() == Protocol.MPTCP,
                seenNanos);
    }

    /** The same at another look, to which the kernel said nothing new: ages have grown, and what a timer has left is less. */
    public SocketRow asOf(long nanos) {
        boolean ages = activity != null || timer != SocketTimer.Kind.NONE;
        return nanos == seenNanos || !ages ? this : aged(nanos);
    }

    private SocketRow aged(long nanos) {
        long millis = millisUntil(nanos);
        return new SocketRow(
                state,
                localAddress,
                localPort,
                peerAddress,
                peerPort,
                recvQueue,
                sendQueue,
                inode,
                uid,
                timer,
                timer == SocketTimer.Kind.NONE ? timerMillis : Math.max(0, timerMillis - millis),
                retransmits,
                cookie,
                activity == null ? null : activity.after(millis),
                mptcp,
                nanos);
    }

    private long millisUntil(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - seenNanos);
    }

    /** Whether a later look says nothing new of the socket: its ages and its timer have gone on by the time between. */
    boolean goesOnAs(SocketRow later) {
        long millis = millisUntil(later.seenNanos);
        return state == later.state
                && localPort == later.localPort
                && peerPort == later.peerPort
                && recvQueue == later.recvQueue
                && sendQueue == later.sendQueue
                && inode == later.inode
                && uid == later.uid
                && timer == later.timer
                && (timer == SocketTimer.Kind.NONE || isAbout(timerMillis - millis, later.timerMillis))
                && retransmits == later.retransmits
                && cookie == later.cookie
                && mptcp == later.mptcp
                && (activity == null
                        ? later.activity == null
                        : later.activity != null && activity.goesOnAs(later.activity, millis))
                && localAddress.equals(later.localAddress)
                && peerAddress.equals(later.peerAddress);
    }

    /** Whether two times are the same as far as they are known. */
    static boolean isAbout(long millis, long other) {
        return Math.abs(millis - other) <= INACCURACY_MILLIS;
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
     * Milliseconds at that moment since the last segment of any kind came, if none has come since this was seen; {@link
     * SocketMessage#ABSENT} if the kernel doesn't say, as before the handshake is over. It takes both ages, as keepalive does
     * (keepalive_time_elapsed() in include/net/tcp.h): see {@link io.tcplab.kernel.sockets.TcpInfoField#LAST_ACK_RECV}.
     */
    public long silentMillis(long nanos) {
        long silent = activity == null ? SocketMessage.ABSENT : activity.silentMillis();
        return silent < 0 ? silent : silent + millisUntil(nanos);
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
