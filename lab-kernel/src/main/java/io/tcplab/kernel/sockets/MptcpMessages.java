package io.tcplab.kernel.sockets;

import static io.tcplab.kernel.netlink.NetlinkRequest.NLM_F_DUMP;

import io.tcplab.kernel.ffm.SocketCalls;
import io.tcplab.kernel.netlink.NetlinkAttributes;
import io.tcplab.kernel.netlink.NetlinkRequest;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What sock_diag says of MPTCP sockets and their subflows, by include/uapi/linux/inet_diag.h and mptcp.h. */
final class MptcpMessages {
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int INET_DIAG_REQ_PROTOCOL = 3;

    /**
     * The request's own member is a byte. Kernels that read it instead of the attribute shall find no protocol of this number, and
     * answer ENOENT: RFC 3692 keeps it for experiments.
     */
    private static final int NO_PROTOCOL = 254;

    private static final int INET_DIAG_ULP_INFO = 19;
    private static final int INET_ULP_INFO_MPTCP = 3;
    private static final int MPTCP_SUBFLOW_ATTR_TOKEN_LOC = 2;

    private MptcpMessages() {}

    /** Asks for all MPTCP sockets of an address family, with their mptcp_info. */
    static NetlinkRequest dump(int family, boolean buffers) {
        int extensions = DiagMessages.extension(DiagMessages.INET_DIAG_INFO)
                | (buffers ? DiagMessages.extension(DiagMessages.INET_DIAG_SKMEMINFO) : 0);
        return NetlinkRequest.of(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP)
                .u8(family)
                .u8(NO_PROTOCOL)
                .u8(extensions)
                .u8(0)
                .u32(DiagMessages.stateBits(TcpState.reported()))
                .bytes(new byte[DiagMessages.SOCKID_BYTES])
                .attribute(INET_DIAG_REQ_PROTOCOL, SocketCalls.IPPROTO_MPTCP);
    }

    /** The mptcp_info of an MPTCP socket's message. */
    static MptcpInfo info(ByteBuffer message) {
        return DiagMessages.attribute(message, DiagMessages.INET_DIAG_INFO)
                .map(MptcpInfo::read)
                .orElse(MptcpInfo.NONE);
    }

    /**
     * The token by which a TCP socket names the MPTCP socket that it is a subflow of; empty if it names none. A client's further
     * subflows say 0: they have their socket's inode.
     */
    static Optional<Integer> token(ByteBuffer tcp) {
        return DiagMessages.attribute(tcp, INET_DIAG_ULP_INFO)
                .flatMap(ulp -> NetlinkAttributes.find(ulp, INET_ULP_INFO_MPTCP))
                .flatMap(mptcp -> NetlinkAttributes.find(mptcp, MPTCP_SUBFLOW_ATTR_TOKEN_LOC))
                .map(token -> token.getInt(token.position()))
                .filter(token -> token != 0);
    }

    /**
     * One message of an MPTCP socket and of the subflow that stands for its path, to be decoded as a TCP socket's: the state, the
     * addresses, the descriptor and Recv-Q are the MPTCP socket's, timer and tcp_info the subflow's. An MPTCP socket's own timer
     * isn't TCP's (its "keepalive" is the time until an orphan is given up), and instead of tcp_info it has mptcp_info.
     */
    static ByteBuffer joined(ByteBuffer socket, @Nullable ByteBuffer subflow) {
        Optional<ByteBuffer> buffers = DiagMessages.attribute(socket, DiagMessages.INET_DIAG_SKMEMINFO);
        Optional<ByteBuffer> info =
                subflow == null ? Optional.empty() : DiagMessages.attribute(subflow, DiagMessages.INET_DIAG_INFO);
        ByteBuffer joined = ByteBuffer.allocate(DiagMessages.BYTES + room(buffers) + room(info))
                .order(socket.order())
                .put(socket.slice(socket.position(), DiagMessages.BYTES));
        buffers.ifPresent(value -> put(joined, DiagMessages.INET_DIAG_SKMEMINFO, value));
        info.ifPresent(value -> put(joined, DiagMessages.INET_DIAG_INFO, value));
        joined.flip();
        DiagMessages.timerOf(joined, subflow);
        if (DiagMessages.state(socket) != TcpState.LISTEN.number()) {
            DiagMessages.sendQueue(joined, sendQueue(socket, subflow));
        }
        return joined;
    }

    /** idiag_wqueue of an MPTCP socket is sk_wmem_alloc, which is 0: what waits is memory of the subflow's. */
    private static long sendQueue(ByteBuffer socket, @Nullable ByteBuffer subflow) {
        MptcpInfo info = info(socket);
        long below = subflow != null && info.fallback() ? DiagMessages.sendQueue(subflow) : 0;
        return info.unacknowledged() + below;
    }

    private static int room(Optional<ByteBuffer> value) {
        return value.map(bytes -> NetlinkAttributes.NLA_HDRLEN + NetlinkAttributes.align(bytes.remaining()))
                .orElse(0);
    }

    private static void put(ByteBuffer message, int type, ByteBuffer value) {
        int next = message.position() + NetlinkAttributes.NLA_HDRLEN + NetlinkAttributes.align(value.remaining());
        message.putShort((short) (NetlinkAttributes.NLA_HDRLEN + value.remaining()))
                .putShort((short) type)
                .put(value.duplicate())
                .position(next);
    }
}
