package io.tcplab.diagnose.sample;

import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;

/** Rows in which only what a test is about differs. */
final class Rows {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private Rows() {}

    static SocketRow row(long inode, long cookie, long recvQueue) {
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
                SocketTimer.Kind.NONE,
                0,
                0,
                cookie,
                null,
                false);
    }
}
