package io.tcplab.kernel.sockets;

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

    private final AddressCache addresses = new AddressCache();
    private @Nullable ByteBuffer message;
    private int infoAt;
    private int infoBytes;
    private int shutdown;

    SocketMessage() {}

    /** Moves on to a message; it must stay as it is until the next. */
    SocketMessage at(ByteBuffer next) {
        message = next;
        infoAt = 0;
        infoBytes = 0;
        shutdown = (int) ABSENT;
        DiagMessages.forEachAttribute(next, this::attribute);
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

    /**
     * Which directions are shut down: 1 receiving, 2 sending, 3 both (RCV_SHUTDOWN and SEND_SHUTDOWN of
     * include/net/sock.h); {@link #ABSENT} for minisockets and request sockets.
     */
    public int shutdown() {
        return shutdown;
    }

    /** Whether there is tcp_info: it was asked for, and this is a full socket. */
    public boolean hasInfo() {
        return infoBytes > 0;
    }

    /** A member of tcp_info; {@link #ABSENT} if the socket has none, or this kernel's struct ends before it. */
    public long info(TcpInfoField field) {
        return field.end() <= infoBytes ? TcpInfo.read(message(), infoAt, field) : ABSENT;
    }

    private void attribute(int type, int at, int bytes) {
        if (type == DiagMessages.INET_DIAG_INFO) {
            infoAt = at;
            infoBytes = bytes;
        } else if (type == DiagMessages.INET_DIAG_SHUTDOWN && bytes > 0) {
            shutdown = message().get(at);
        }
    }

    private ByteBuffer message() {
        if (message == null) {
            throw new IllegalStateException("no message yet");
        }
        return message;
    }
}
