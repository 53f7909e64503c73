package io.tcplab.kernel.sockets;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.Waits;
import io.tcplab.kernel.netlink.NetlinkSocket;
import io.tcplab.kernel.netns.Namespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * {@link SockDiag} for very many sockets: two threads list a half each. The kernel locks one bucket of its table at a time,
 * so two dumps don't hinder each other (since Linux 6.9; before, inet_diag_lock_handler() in net/ipv4/inet_diag.c lets one
 * of them go on at a time, and this is as quick as one).
 *
 * <p>The halves are parted by the higher of a socket's two ports, which doesn't change in its life: a socket is in one half
 * whatever becomes of it meanwhile. Where to part them is learnt from the answer before.
 */
public final class ParallelSockDiag implements AutoCloseable {
    private static final int PORTS = 1 << 16;

    /** The middle of the usual net.ipv4.ip_local_port_range, 32768 to 60999. */
    private static final int USUAL_MIDDLE = 46_884;

    private final Half lower;
    private final Half upper;
    private final MptcpUse use;
    private int boundary = USUAL_MIDDLE;

    private ParallelSockDiag(NetlinkSocket lower, NetlinkSocket upper, MptcpUse use, String operation) {
        this.lower = new Half(lower, new SocketDump(lower, operation, use));
        this.upper = new Half(upper, new SocketDump(upper, operation, use));
        this.use = use;
    }

    /**
     * Opens two netlink sockets inside the namespace.
     *
     * @throws KernelException EPROTONOSUPPORT if the kernel was built without sock_diag; EMFILE
     */
    public static ParallelSockDiag open(Namespace namespace) {
        String operation = "list the TCP sockets of " + namespace.label();
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            NetlinkSocket lower = open(namespace, NetlinkSocket.NETLINK_SOCK_DIAG);
            opened.add(lower);
            NetlinkSocket upper = open(namespace, NetlinkSocket.NETLINK_SOCK_DIAG);
            opened.add(upper);
            return new ParallelSockDiag(lower, upper, MptcpUse.open(namespace), operation);
        } catch (RuntimeException e) {
            throw Release.after(e, opened);
        }
    }

    /**
     * The sockets in these states, each as what {@code row} makes of it. Not for several threads at a time.
     *
     * @param tcpInfo as {@link SocketQuery#tcpInfo}
     * @param row called by two threads at once; otherwise as for {@link SockDiag#rows}
     * @throws KernelException ENOENT if the kernel has no module inet_diag or tcp_diag
     */
    public <T> SockDiag.Rows<T> rows(Set<TcpState> states, boolean tcpInfo, Function<SocketMessage, T> row) {
        SocketQuery query = new SocketQuery(states, OptionalInt.empty(), OptionalInt.empty(), tcpInfo);
        long atNanos = System.nanoTime();
        MptcpDiag.Answer mptcp = lower.dump.mptcp(query);
        CompletableFuture<Found<T>> future = CompletableFuture.supplyAsync(
                () -> upper.tcp(query, PortFilter.from(boundary), mptcp.sockets(), row),
                task -> Thread.ofPlatform().daemon().name("sock_diag").start(task));
        Found<T> below = lower.tcp(query, PortFilter.below(boundary), mptcp.sockets(), row);
        Found<T> above = Waits.joined(future); // the kernel answers at once
        List<T> all = new ArrayList<>(below.size() + above.size());
        all.addAll(below.rows().rows());
        all.addAll(above.rows().rows());
        boundary = middle(all.size());
        MptcpSockets.Subflows subflows = below.subflows();
        subflows.addAll(above.subflows());
        SocketMessage view = new SocketMessage();
        SocketDump.pass(query, subflows, (protocol, message) -> all.add(row.apply(view.at(protocol, message))));
        boolean complete =
                mptcp.complete() && below.rows().complete() && above.rows().complete();
        return new SockDiag.Rows<>(atNanos, all, complete);
    }

    /** As {@link SockDiag#mptcpListing}. */
    public MptcpListing mptcpListing() {
        return lower.dump.mptcpListing();
    }

    /** Closes what was opened. */
    @Override
    public void close() {
        Release.all(lower.netlink, upper.netlink, use);
    }

    private static NetlinkSocket open(Namespace namespace, int protocol) {
        return namespace.call(() -> NetlinkSocket.open(protocol));
    }

    /** The TCP sockets of one half, and which of them are subflows. */
    private record Found<T>(SockDiag.Rows<T> rows, MptcpSockets.Subflows subflows) {
        int size() {
            return rows.rows().size();
        }
    }

    /** The port that half of the sockets reach. */
    private int middle(int sockets) {
        int reached = sockets;
        for (int port = 0; port < PORTS; port++) {
            if (reached * 2L <= sockets) {
                return Math.max(1, port);
            }
            reached -= lower.byPort[port] + upper.byPort[port];
        }
        return USUAL_MIDDLE;
    }

    /** One of the two dumps. */
    private final class Half {
        private final NetlinkSocket netlink;
        private final SocketDump dump;
        /** How many sockets of the last answer have this as their higher port. */
        private final int[] byPort = new int[PORTS];

        private Half(NetlinkSocket netlink, SocketDump dump) {
            this.netlink = netlink;
            this.dump = dump;
        }

        private <T> Found<T> tcp(SocketQuery query, byte[] filter, MptcpSockets mptcp, Function<SocketMessage, T> row) {
            Arrays.fill(byPort, 0);
            AtomicReference<MptcpSockets.Subflows> subflows = new AtomicReference<>(mptcp.subflows());
            SockDiag.Rows<T> rows = SockDiag.rows(
                    (wanted, sink) -> {
                        subflows.set(mptcp.subflows());
                        return dump.tcp(wanted, filter, subflows.get(), sink);
                    },
                    query,
                    message -> {
                        byPort[Math.max(message.localPort(), message.peerPort())]++;
                        return row.apply(message);
                    });
            return new Found<>(rows, subflows.get());
        }
    }
}
