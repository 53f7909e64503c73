package io.tcplab.kernel.sockets;

import io.tcplab.kernel.netlink.NetlinkAttributes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP socket as the kernel's message has it. Reads members where they lie, so that a census of hundreds of thousands
 * makes no garbage but what its reader keeps.
 *
 * <p>Valid only during the call that hands it over: the next socket takes its place.
 */
public final class SocketMessage {
    /** What stands for a member that this kernel, or this kind of socket, doesn't tell. */
    public static final long ABSENT = -1;

    private static final int NOT_LOOKED_FOR = -1;

    private final AddressCache addresses = new AddressCache();
    /** Made once, not for each socket. */
    private final NetlinkAttributes.AttributeConsumer attributes = this::attribute;

    private @Nullable ByteBuffer message;
    private int infoAt;
    private int infoBytes;

    SocketMessage() {}

    /** Moves on to a message; it must stay as it is until the next. */
    SocketMessage at(ByteBuffer next) {
        message = next;
        infoBytes = NOT_LOOKED_FOR;
        return this;
    }

    public TcpState state() {
        return TcpState.of(DiagMessages.state(message()));
    }

    /** See {@link TcpSocket#local}. */
    public InetAddress localAddress() {
        return DiagMessages.localAddress(message(), addresses);
    }

    public int localPort() {
        return DiagMessages.localPort(message());
    }

    /** See {@link TcpSocket#peer}. */
    public InetAddress peerAddress() {
        return DiagMessages.peerAddress(message(), addresses);
    }

    public int peerPort() {
        return DiagMessages.peerPort(message());
    }

    /** See {@link TcpSocket#recvQueue}. */
    public long recvQueue() {
        return DiagMessages.recvQueue(message());
    }

    /** See {@link TcpSocket#sendQueue}. */
    public long sendQueue() {
        return DiagMessages.sendQueue(message());
    }

    /** See {@link TcpSocket#inode}. */
    public long inode() {
        return DiagMessages.inode(message());
    }

    /** See {@link TcpSocket#uid}. */
    public int uid() {
        return DiagMessages.uid(message());
    }

    /** See {@link TcpSocket#cookie}. */
    public long cookie() {
        return DiagMessages.cookie(message());
    }

    /** See {@link SocketTimer#kind}. */
    public SocketTimer.Kind timer() {
        return SocketTimer.kind(DiagMessages.timerKind(message()));
    }

    /** Milliseconds that the timer has left. */
    public long timerMillis() {
        return DiagMessages.timerMillis(message());
    }

    /** See {@link SocketTimer#retransmits}. */
    public int retransmits() {
        return DiagMessages.timerRetransmits(message());
    }

    /** Whether there is tcp_info: it was asked for, and this is a full socket. */
    public boolean hasInfo() {
        if (infoBytes == NOT_LOOKED_FOR) {
            infoBytes = 0;
            DiagMessages.forEachAttribute(message(), attributes);
        }
        return infoBytes > 0;
    }

    /** A member of tcp_info; {@link #ABSENT} if the socket has none, or this kernel's struct ends before it. */
    public long info(TcpInfoField field) {
        return hasInfo() && field.end() <= infoBytes ? TcpInfo.read(message(), infoAt, field) : ABSENT;
    }

    private void attribute(int type, int at, int bytes) {
        if (type == DiagMessages.INET_DIAG_INFO) {
            infoAt = at;
            infoBytes = bytes;
        }
    }

    private ByteBuffer message() {
        if (message == null) {
            throw new IllegalStateException("no message yet");
        }
        return message;
    }
}
