package io.tcplab.kernel.sockets;

import static io.tcplab.kernel.netlink.NetlinkRequest.NLM_F_DUMP;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.netlink.NetlinkAttributes;
import io.tcplab.kernel.netlink.NetlinkRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The structs of sock_diag, there and back: {@code inet_diag_req}, {@code inet_diag_req_v2}, {@code inet_diag_msg} and
 * their attributes, by the names of include/uapi/linux/inet_diag.h and sock_diag.h.
 */
final class DiagMessages {
    private static final int TCPDIAG_GETSOCK = 18;
    private static final int SOCK_DESTROY = 21;
    private static final int AF_UNSPEC = 0;
    private static final int IPPROTO_TCP = 6;
    private static final int INET_DIAG_REQ_BYTECODE = 1;
    static final int INET_DIAG_INFO = 2;
    static final int INET_DIAG_SKMEMINFO = 7;

    // struct inet_diag_sockid
    static final int SOCKID_BYTES = 48;

    // struct inet_diag_msg: offsets of its members
    private static final int FAMILY = 0;
    private static final int STATE = 1;
    private static final int TIMER = 2;
    private static final int RETRANS = 3;
    private static final int SOCKID = 4;
    private static final int SOCKID_SPORT = SOCKID;
    private static final int SOCKID_DPORT = SOCKID + 2;
    static final int SOCKID_SRC = SOCKID + 4;
    static final int SOCKID_DST = SOCKID + 20;
    private static final int SOCKID_IF = SOCKID + 36;
    private static final int SOCKID_COOKIE = SOCKID + 40;
    private static final int EXPIRES = 52;
    private static final int RQUEUE = 56;
    private static final int WQUEUE = 60;
    private static final int UID = 64;
    private static final int INODE = 68;
    static final int BYTES = 72;

    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private DiagMessages() {}

    /**
     * Asks for the sockets that match the query.
     *
     * <p>SOCK_DIAG_BY_FAMILY would walk the kernel's whole table twice, once a family, and so mix two moments. The
     * older request takes any family in one walk (inet_diag_dump_compat() in net/ipv4/inet_diag.c).
     */
    static NetlinkRequest dump(SocketQuery query) {
        return dump(query, PortFilter.compile(query.localPort(), query.peerPort()));
    }

    /** As {@link #dump(SocketQuery)}, with this {@link PortFilter} instead of the query's ports. */
    static NetlinkRequest dump(SocketQuery query, byte[] filter) {
        int extensions = (query.tcpInfo() ? extension(INET_DIAG_INFO) : 0)
                | (query.buffers() ? extension(INET_DIAG_SKMEMINFO) : 0);
        NetlinkRequest request = NetlinkRequest.of(TCPDIAG_GETSOCK, NLM_F_DUMP)
                .u8(AF_UNSPEC)
                .u8(0)
                .u8(0)
                .u8(extensions)
                .bytes(new byte[SOCKID_BYTES])
                .u32(stateBits(query.states()))
                .u32(0);
        return filter.length == 0 ? request : request.attribute(INET_DIAG_REQ_BYTECODE, filter);
    }

    /** Asks to destroy the very socket that a dump has shown: its cookie keeps a later one of the same name safe. */
    static NetlinkRequest destroy(ByteBuffer message) {
        byte[] sockid = new byte[SOCKID_BYTES];
        message.get(message.position() + SOCKID, sockid);
        return NetlinkRequest.of(SOCK_DESTROY, 0)
                .u8(message.get(message.position() + FAMILY))
                .u8(IPPROTO_TCP)
                .u8(0)
                .u8(0)
                .u32(-1)
                .bytes(sockid);
    }

    /**
     * The number of the socket's state.
     *
     * @throws MalformedException if no state has it
     */
    static int state(ByteBuffer message) {
        int state = requireWhole(message).get(message.position() + STATE);
        if (state < 1 || state > TcpState.values().length) {
            throw new MalformedException("a sock_diag message", STATE, "no TCP state has the number " + state);
        }
        return state;
    }

    /** Decodes one TCP socket; copies what it keeps. */
    static TcpSocket socket(ByteBuffer message) {
        return socket(Protocol.TCP, message);
    }

    /** Decodes one socket, an MPTCP socket's as {@link MptcpMessages#joined}; copies what it keeps. */
    static TcpSocket socket(Protocol protocol, ByteBuffer message) {
        int at = message.position();
        return new TcpSocket(
                TcpState.of(state(message)),
                address(message, at + SOCKID_SRC, at + SOCKID_SPORT),
                address(message, at + SOCKID_DST, at + SOCKID_DPORT),
                recvQueue(message),
                sendQueue(message),
                inode(message),
                uid(message),
                timer(message),
                attribute(message, INET_DIAG_INFO).map(TcpInfo::copyOf),
                cookie(message),
                protocol);
    }

    /**
     * The message, if it has its struct.
     *
     * @throws MalformedException if it ends before
     */
    static ByteBuffer requireWhole(ByteBuffer message) {
        if (message.remaining() < BYTES) {
            throw new MalformedException(
                    "a sock_diag message",
                    message.remaining(),
                    "it ends there, and its struct has " + BYTES + " bytes");
        }
        return message;
    }

    /** Passes each attribute behind the struct. */
    static void forEachAttribute(ByteBuffer message, NetlinkAttributes.AttributeConsumer consumer) {
        NetlinkAttributes.forEach(message, message.position() + BYTES, consumer);
    }

    /** As {@link TcpSocket#isLeaving}. */
    static boolean isLeaving(ByteBuffer message) {
        return state(message) == TcpState.CLOSE.number() && peerPort(message) != 0;
    }

    static int localPort(ByteBuffer message) {
        return port(message, message.position() + SOCKID_SPORT);
    }

    static int peerPort(ByteBuffer message) {
        return port(message, message.position() + SOCKID_DPORT);
    }

    static InetAddress localAddress(ByteBuffer message, AddressCache cache) {
        return address(message, message.position() + SOCKID_SRC, cache);
    }

    static InetAddress peerAddress(ByteBuffer message, AddressCache cache) {
        return address(message, message.position() + SOCKID_DST, cache);
    }

    static long recvQueue(ByteBuffer message) {
        return unsigned(message, RQUEUE);
    }

    static long sendQueue(ByteBuffer message) {
        return unsigned(message, WQUEUE);
    }

    static long inode(ByteBuffer message) {
        return unsigned(message, INODE);
    }

    static int uid(ByteBuffer message) {
        return message.getInt(message.position() + UID);
    }

    static int timerKind(ByteBuffer message) {
        return Byte.toUnsignedInt(message.get(message.position() + TIMER));
    }

    static long timerMillis(ByteBuffer message) {
        return unsigned(message, EXPIRES);
    }

    static int timerRetransmits(ByteBuffer message) {
        return Byte.toUnsignedInt(message.get(message.position() + RETRANS));
    }

    private static long unsigned(ByteBuffer message, int field) {
        return Integer.toUnsignedLong(message.getInt(message.position() + field));
    }

    static int extension(int attribute) {
        return 1 << (attribute - 1);
    }

    static int stateBits(Set<TcpState> states) {
        int bits = 0;
        for (TcpState state : states) {
            bits |= state.bit();
        }
        return bits;
    }

    private static SocketTimer timer(ByteBuffer message) {
        return SocketTimer.of(timerKind(message), timerMillis(message), timerRetransmits(message));
    }

    /** Two u32, the lower half first whatever the byte order: sock_diag_save_cookie() in net/core/sock_diag.c. */
    static long cookie(ByteBuffer message) {
        int at = message.position() + SOCKID_COOKIE;
        return Integer.toUnsignedLong(message.getInt(at))
                | (Integer.toUnsignedLong(message.getInt(at + Integer.BYTES)) << Integer.SIZE);
    }

    /** The value of an attribute behind the struct, as {@link NetlinkAttributes#find}. */
    static Optional<ByteBuffer> attribute(ByteBuffer message, int type) {
        if (message.remaining() <= BYTES) {
            return Optional.empty();
        }
        ByteBuffer attributes = message.slice(message.position() + BYTES, message.remaining() - BYTES)
                .order(message.order());
        return NetlinkAttributes.find(attributes, type);
    }

    /** Whether the socket is in one of these states. */
    static boolean isIn(Set<TcpState> states, ByteBuffer message) {
        return (stateBits(states) & TcpState.of(state(message)).bit()) != 0;
    }

    /** Whether it is what TIME_WAIT, or an orphan's FIN_WAIT_2, leaves of a socket. */
    static boolean isMinisocket(ByteBuffer message) {
        return SocketTimer.kind(timerKind(message)) == SocketTimer.Kind.TIME_WAIT;
    }

    /** A copy that stays when the netlink socket's buffer is used again. */
    static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining())
                .order(message.order())
                .put(message.duplicate())
                .flip();
    }

    /** Gives a message the timer of another; no timer, if there is none. */
    static void timerOf(ByteBuffer message, @Nullable ByteBuffer other) {
        int at = message.position();
        message.put(at + TIMER, other == null ? 0 : other.get(other.position() + TIMER));
        message.put(at + RETRANS, other == null ? 0 : other.get(other.position() + RETRANS));
        message.putInt(at + EXPIRES, other == null ? 0 : other.getInt(other.position() + EXPIRES));
    }

    /** Gives a message another Send-Q, at most as much as its member holds. */
    static void sendQueue(ByteBuffer message, long bytes) {
        message.putInt(message.position() + WQUEUE, (int) Math.min(bytes, 0xffffffffL));
    }

    private static InetSocketAddress address(ByteBuffer message, int addressAt, int portAt) {
        return new InetSocketAddress(address(message, addressAt), port(message, portAt));
    }

    private static InetAddress address(ByteBuffer message, int at) {
        byte[] bytes = new byte[isV4(message) ? V4_BYTES : V6_BYTES];
        message.get(at, bytes);
        return address(bytes, message.getInt(message.position() + SOCKID_IF));
    }

    /** A scope, which is no part of the bytes, belongs to link-local addresses only; those aren't cached. */
    private static InetAddress address(ByteBuffer message, int at, AddressCache cache) {
        boolean v4 = isV4(message);
        if (!v4 && message.get(at) == (byte) 0xfe) {
            return address(message, at);
        }
        long high = v4 ? 0 : message.getLong(at) + 1;
        long low = v4 ? message.getInt(at) : message.getLong(at + Long.BYTES);
        InetAddress known = cache.find(high, low);
        return known != null ? known : cache.keep(high, low, address(message, at));
    }

    static boolean isV4(ByteBuffer message) {
        return message.get(message.position() + FAMILY) == Libc.AF_INET;
    }

    /** Turns a v4-mapped address into an IPv4 one, as {@link InetAddress#getByAddress} does. */
    private static InetAddress address(byte[] bytes, int interfaceIndex) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isLinkLocalAddress() && address instanceof Inet6Address && interfaceIndex != 0
                    ? Inet6Address.getByAddress(null, bytes, interfaceIndex)
                    : address;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always make an address", e);
        }
    }

    private static int port(ByteBuffer message, int at) {
        short port = message.getShort(at);
        return Short.toUnsignedInt(message.order() == ByteOrder.BIG_ENDIAN ? port : Short.reverseBytes(port));
    }
}
