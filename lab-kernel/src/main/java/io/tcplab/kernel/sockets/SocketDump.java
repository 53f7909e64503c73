package io.tcplab.kernel.sockets;

import io.tcplab.kernel.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Lists the sockets that programs have to do with: TCP's and MPTCP's, and of TCP's not those that the kernel has made as subflows.
 * MPTCP is asked first: a connection that comes or goes meanwhile is then seen as one of either, and not as both.
 */
final class SocketDump {
    private final NetlinkSocket netlink;
    private final MptcpDiag mptcp;
    private final String operation;

    SocketDump(NetlinkSocket netlink, String operation, MptcpUse use) {
        this.netlink = netlink;
        this.mptcp = MptcpDiag.of(netlink, operation, use);
        this.operation = operation;
    }

    /** Takes sockets. A message is only valid during the call. */
    @FunctionalInterface
    interface Sink {
        void socket(Protocol protocol, ByteBuffer message);
    }

    MptcpListing mptcpListing() {
        return mptcp.listing();
    }

    /** Passes the sockets that match; returns whether they are complete. */
    boolean sockets(SocketQuery query, Sink sink) {
        MptcpDiag.Answer answer = mptcp(query);
        MptcpSockets.Subflows subflows = answer.sockets().subflows();
        byte[] filter = PortFilter.compile(query.localPort(), query.peerPort());
        boolean complete = tcp(query, filter, subflows, sink);
        pass(query, subflows, sink);
        return complete && answer.complete();
    }

    /** The MPTCP sockets, unless only sockets are wanted that are no subflows. */
    MptcpDiag.Answer mptcp(SocketQuery query) {
        return query.states().equals(Set.of(TcpState.CLOSE))
                ? new MptcpDiag.Answer(MptcpSockets.NONE, true)
                : mptcp.ask(query.buffers());
    }

    /** Passes the TCP sockets that are no subflows; returns whether they are complete. */
    boolean tcp(SocketQuery query, byte[] filter, MptcpSockets.Subflows subflows, Sink sink) {
        if (subflows.areNone()) {
            return netlink.dump(
                    DiagMessages.dump(query, filter), operation, (type, message) -> sink.socket(Protocol.TCP, message));
        }
        // A subflow is in a state of its own.
        Set<TcpState> states = EnumSet.copyOf(TcpState.reported());
        states.addAll(query.states());
        return netlink.dump(DiagMessages.dump(query.inStates(states), filter), operation, (type, message) -> {
            if (!subflows.take(message) && DiagMessages.isIn(query.states(), message)) {
                sink.socket(Protocol.TCP, message);
            }
        });
    }

    /** Passes the MPTCP sockets that match. */
    static void pass(SocketQuery query, MptcpSockets.Subflows subflows, Sink sink) {
        subflows.forEach(message -> {
            if (DiagMessages.isIn(query.states(), message) && hasPorts(query, message)) {
                sink.socket(Protocol.MPTCP, message);
            }
        });
    }

    private static boolean hasPorts(SocketQuery query, ByteBuffer message) {
        return query.localPort().orElse(DiagMessages.localPort(message)) == DiagMessages.localPort(message)
                && query.peerPort().orElse(DiagMessages.peerPort(message)) == DiagMessages.peerPort(message);
    }
}
