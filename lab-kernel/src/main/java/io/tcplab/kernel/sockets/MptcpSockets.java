package io.tcplab.kernel.sockets;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The MPTCP sockets of a namespace, and which of its TCP sockets are their subflows.
 *
 * <p>A subflow is recognised by its inode, which the kernel makes its socket's (mptcp_subflow_create_socket() in net/mptcp/subflow.c,
 * mptcp_sock_graft() in net/mptcp/protocol.h); before accept(), when neither has one, by the token that it names (subflow_get_info()
 * in net/mptcp/diag.c; with tcp_info, and before Linux 6.16 with CAP_NET_ADMIN only), or by the addresses and ports, which an MPTCP
 * socket has of its first subflow (mptcp_copy_inaddrs() in net/mptcp/protocol.c). What is left are further subflows of sockets that
 * nobody has accepted, or that no process holds any longer: they are seen as TCP sockets.
 */
final class MptcpSockets {
    static final MptcpSockets NONE = new MptcpSockets(List.of());

    private final List<ByteBuffer> messages;
    private final Map<Long, Integer> byInode = new HashMap<>();
    private final Map<Integer, Integer> byToken = new HashMap<>();
    private final Map<FourTuple, Integer> byAddresses = new HashMap<>();

    /** Takes copies of the kernel's messages. */
    MptcpSockets(List<ByteBuffer> messages) {
        this.messages = List.copyOf(messages);
        for (int i = 0; i < messages.size(); i++) {
            ByteBuffer message = messages.get(i);
            long inode = DiagMessages.inode(message);
            if (inode != 0) {
                byInode.put(inode, i);
            }
            if (DiagMessages.state(message) != TcpState.LISTEN.number()) {
                byAddresses.put(FourTuple.of(message), i);
                byToken.put(MptcpMessages.info(message).token(), i);
            }
        }
        byToken.remove(MptcpInfo.NONE.token());
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Starts to look for subflows. For one thread. */
    Subflows subflows() {
        return new Subflows();
    }

    /** The number of the MPTCP socket whose subflow this TCP socket is; -1 if of none. */
    private int socketOf(ByteBuffer tcp) {
        if (DiagMessages.isMinisocket(tcp)) {
            return -1;
        }
        long inode = DiagMessages.inode(tcp);
        Integer found = inode == 0 ? null : byInode.get(inode);
        if (found == null) {
            found = MptcpMessages.token(tcp).map(byToken::get).orElse(null);
        }
        if (found == null && DiagMessages.state(tcp) != TcpState.LISTEN.number()) {
            found = byAddresses.get(FourTuple.of(tcp));
        }
        return found == null ? -1 : found;
    }

    /** What has been found of the subflows: of each socket, the one that stands for the path it uses. */
    final class Subflows {
        private final @Nullable ByteBuffer[] chosen = new @Nullable ByteBuffer[messages.size()];

        private Subflows() {}

        /** Whether there is nothing whose subflows could be found. */
        boolean areNone() {
            return isEmpty();
        }

        /** Whether the TCP socket is a subflow, and so no program's. Copies what it keeps. */
        boolean take(ByteBuffer tcp) {
            int socket = socketOf(tcp);
            if (socket >= 0) {
                offer(socket, tcp);
            }
            return socket >= 0 || isNew(tcp);
        }

        /** One that is open and names an MPTCP socket which was made since those were listed: the next census has both. */
        private boolean isNew(ByteBuffer tcp) {
            return DiagMessages.state(tcp) == TcpState.ESTABLISHED.number()
                    && MptcpMessages.token(tcp)
                            .filter(token -> !byToken.containsKey(token))
                            .isPresent();
        }

        /** Takes over what another thread has found of the same sockets. */
        void addAll(Subflows others) {
            for (int i = 0; i < chosen.length; i++) {
                ByteBuffer other = others.chosen[i];
                if (other != null) {
                    offer(i, other);
                }
            }
        }

        /** Passes each MPTCP socket, with what its subflow tells. */
        void forEach(Consumer<ByteBuffer> sockets) {
            for (int i = 0; i < chosen.length; i++) {
                sockets.accept(MptcpMessages.joined(messages.get(i), chosen[i]));
            }
        }

        /** The peer is as much alive as on the path on which it was heard of last. */
        private void offer(int socket, ByteBuffer tcp) {
            ByteBuffer known = chosen[socket];
            if (known == null || silentMillis(tcp) < silentMillis(known)) {
                chosen[socket] = DiagMessages.copy(tcp);
            }
        }
    }

    private static long silentMillis(ByteBuffer tcp) {
        return DiagMessages.attribute(tcp, DiagMessages.INET_DIAG_INFO)
                .map(TcpInfo::copyOf)
                .map(info -> info.get(TcpInfoField.LAST_ACK_RECV))
                .flatMap(millis -> millis.isPresent() ? Optional.of(millis.getAsLong()) : Optional.empty())
                .orElse(Long.MAX_VALUE);
    }
}
