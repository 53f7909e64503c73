package io.tcplab.kernel.sockets;

import io.tcplab.kernel.netlink.NetlinkAttributes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or MPTCP socket as the kernel's message has it, the latter as {@link TcpSocket} says. Reads members where they lie, so that a census of hundreds of thousands
 * makes no garbage but what its reader keeps.
 *
 * <p>Valid only during the call that hands it over: the next socket takes its place.
 */
public final class SocketMessage {
    /** What stands for a member that this kernel, or this kind of socket, doesn't tell. */
    public static final long ABSENT = -1;

    private final AddressCache addresses = new AddressCache();
    /** Made once, not for each socket. */
    private final NetlinkAttributes.AttributeConsumer attributes = this::attribute;

    private @Nullable ByteBuffer message;
    private Protocol protocol = Protocol.TCP;
    private boolean attributesRead;
    private int infoAt;
    private int infoBytes;
    private int buffersAt;
    private int buffersBytes;

    SocketMessage() {}

    /** Moves on to a message; it must stay as it is until the next. */
    SocketMessage at(Protocol of, ByteBuffer next) {
        message = next;
        protocol = of;
        attributesRead = false;
        return this;
    }

    /** See {@link TcpSocket#protocol}. */
    public Protocol protocol() {
        return protocol;
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
        readAttributes();
        return infoBytes > 0;
    }

    /**
     * A member of tcp_info; {@link #ABSENT} if the socket has none, this kernel's struct ends before it, or the state
     * that the struct tells doesn't keep it ({@link TcpInfoField#isKeptIn}).
     */
    public long info(TcpInfoField field) {
        return hasInfo() && field.end() <= infoBytes && field.isKeptIn(TcpInfo.state(message(), infoAt))
                ? TcpInfo.read(message(), infoAt, field)
                : ABSENT;
    }

    /**
     * Who opened the connection, listener or not: how many SYNs of this end the peer has acknowledged. One, if this end called
     * connect(), since tcpi_bytes_acked begins at the SYN (tcp_connect_init() in net/ipv4/tcp_output.c); none, if it was accepted,
     * as the acceptor's begins behind it (tcp_create_openreq_child() in net/ipv4/tcp_minisocks.c). It is what was acknowledged or is
     * in flight, less the data that was sent for the first time, less a FIN.
     *
     * @return 1 or 0; {@link #ABSENT} before Linux 4.19, without tcp_info, or where the figures don't fit
     */
    public long acknowledgedSyns() {
        TcpState state = state();
        long acknowledged = info(TcpInfoField.BYTES_ACKED);
        long sent = info(TcpInfoField.BYTES_SENT);
        long again = info(TcpInfoField.BYTES_RETRANS);
        long unsent = info(TcpInfoField.NOTSENT_BYTES);
        boolean closed = state.hasSentFin();
        boolean knowsFin = !closed || unsent == 0;
        if (acknowledged < 0 || sent < 0 || again < 0 || unsent < 0 || !state.isSynchronized() || !knowsFin) {
            return ABSENT;
        }
        long syns = acknowledged + (sendQueue() - unsent) - (sent - again) - (closed ? 1 : 0);
        return syns == 0 || syns == 1 ? syns : ABSENT;
    }

    /** Whether there are buffers: they were asked for, and this is a full socket. Minisockets and request sockets have none. */
    public boolean hasBuffers() {
        readAttributes();
        return buffersBytes >= SocketBuffers.BYTES;
    }

    /**
     * The memory of its buffers.
     *
     * @throws IllegalStateException if it has none; see {@link #hasBuffers}
     */
    public SocketBuffers buffers() {
        if (!hasBuffers()) {
            throw new IllegalStateException("not a full socket, or its buffers weren't asked for");
        }
        return SocketBuffers.read(message(), buffersAt);
    }

    /** Whether it is an AF_INET6 socket, be its addresses v4-mapped or not. */
    public boolean isInet6() {
        return !DiagMessages.isV4(message());
    }

    private void readAttributes() {
        if (!attributesRead) {
            attributesRead = true;
            infoBytes = 0;
            buffersBytes = 0;
            DiagMessages.forEachAttribute(message(), attributes);
        }
    }

    private void attribute(int type, int at, int bytes) {
        switch (type) {
            case DiagMessages.INET_DIAG_INFO -> {
                infoAt = at;
                infoBytes = bytes;
            }
            case DiagMessages.INET_DIAG_SKMEMINFO -> {
                buffersAt = at;
                buffersBytes = bytes;
            }
            default -> {} // not asked for: mark, cgroup, shutdown
        }
    }

    private ByteBuffer message() {
        if (message == null) {
            throw new IllegalStateException("no message yet");
        }
        return message;
    }
}
