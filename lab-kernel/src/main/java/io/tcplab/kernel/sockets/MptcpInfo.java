package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;

/**
 * What is needed of {@code struct mptcp_info} (include/uapi/linux/mptcp.h), which an MPTCP socket has where a TCP socket has
 * tcp_info (mptcp_diag_fill_info() in net/mptcp/sockopt.c). Any user may see it.
 *
 * @param fallback whether the peer speaks plain TCP on what is then the only subflow
 * @param token a number that the socket's subflows name, too; unique in the network namespace
 * @param unacknowledged bytes written and not acknowledged by the peer's MPTCP, plus one for a DATA_FIN. In fallback, bytes that
 *     haven't been given to the subflow yet
 */
record MptcpInfo(boolean fallback, int token, long unacknowledged) {
    // struct mptcp_info: offsets of its members
    private static final int FLAGS = 8;
    private static final int TOKEN = 12;
    private static final int WRITE_SEQ = 16;
    private static final int SND_UNA = 24;
    private static final int BYTES = 32;

    private static final int MPTCP_INFO_FLAG_FALLBACK = 1;

    /** What says it all of a kernel whose struct ends too early, or of a socket without: a listener. */
    static final MptcpInfo NONE = new MptcpInfo(false, 0, 0);

    static MptcpInfo read(ByteBuffer struct) {
        if (struct.remaining() < BYTES) {
            return NONE;
        }
        int at = struct.position();
        boolean fallback = (struct.getInt(at + FLAGS) & MPTCP_INFO_FLAG_FALLBACK) != 0;
        long unacknowledged = struct.getLong(at + WRITE_SEQ) - struct.getLong(at + SND_UNA);
        // Before the first ACK after fallback, snd_una lacks the SYN (mptcp_clean_una() in net/mptcp/protocol.c).
        boolean onlySyn = fallback && unacknowledged == 1;
        return new MptcpInfo(fallback, struct.getInt(at + TOKEN), onlySyn ? 0 : unacknowledged);
    }
}
