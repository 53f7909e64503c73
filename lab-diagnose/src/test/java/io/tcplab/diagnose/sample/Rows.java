package io.tcplab.diagnose.sample;

import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Rows in which only what a test is about differs. */
final class Rows {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private Rows() {}

    static SocketRow row(long inode, long cookie, long recvQueue) {
        return row(inode, cookie, recvQueue, null, 0);
    }

    static SocketRow row(long inode, long cookie, long recvQueue, @Nullable Activity activity, long seenNanos) {
        return row(inode, cookie, recvQueue, activity, SocketTimer.Kind.NONE, 0, seenNanos);
    }

    static SocketRow row(
            long inode,
            long cookie,
            long recvQueue,
            @Nullable Activity activity,
            SocketTimer.Kind timer,
            long timerMillis,
            long seenNanos) {
        return new SocketRow(
                TcpState.CLOSE_WAIT,
                HERE,
                80,
                HERE,
                40_000,
                recvQueue,
                0,
                inode,
                0,
                timer,
                timerMillis,
                0,
                cookie,
                activity,
                false,
                seenNanos);
    }
}
