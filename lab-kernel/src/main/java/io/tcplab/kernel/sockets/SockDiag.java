package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.netlink.NetlinkAck;
import io.tcplab.kernel.netlink.NetlinkRequest;
import io.tcplab.kernel.netlink.NetlinkSocket;
import io.tcplab.kernel.netns.Namespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Asks the kernel for the TCP and MPTCP sockets of a namespace, by netlink's sock_diag(7): IPv4 and IPv6, every state.
 *
 * <p>The netlink socket is made inside the namespace and then serves any thread; one census is taken at a time. Asking
 * needs no privilege.
 *
 * <p>A census is no snapshot: the kernel walks its table bucket by bucket while connections come and go, so a socket
 * that changes state meanwhile may be seen in the old one. Where the kernel notices that the walk itself was disturbed
 * (NLM_F_DUMP_INTR) or had to drop a part (ENOBUFS) the census is taken again, three times at most, and says so if it
 * is still not complete. It is taken again, too, where a socket is {@linkplain TcpSocket#isLeaving leaving}: its minisocket is missing.
 */
public final class SockDiag implements AutoCloseable {
    private static final int TRIES = 3;

    private final NetlinkSocket netlink;
    private final Source source;
    private final SocketDump dump;
    private final MptcpUse use;

    private SockDiag(NetlinkSocket netlink, SocketDump dump, MptcpUse use) {
        this.netlink = netlink;
        this.use = use;
        this.source = dump::sockets;
        this.dump = dump;
    }

    /** Where socket messages come from. Tests bring their own, since no kernel interrupts a dump at a wish. */
    @FunctionalInterface
    interface Source {
        /** Passes a message for each socket; returns whether they are complete. */
        boolean dump(SocketQuery query, SocketDump.Sink sockets);
    }

    /**
     * Opens a netlink socket inside the namespace.
     *
     * @throws KernelException EPROTONOSUPPORT if the kernel was built without sock_diag; EMFILE
     */
    public static SockDiag open(Namespace namespace) {
        NetlinkSocket netlink = namespace.call(() -> NetlinkSocket.open(NetlinkSocket.NETLINK_SOCK_DIAG));
        try {
            MptcpUse use = MptcpUse.open(namespace);
            return new SockDiag(
                    netlink, new SocketDump(netlink, "list the TCP sockets of " + namespace.label(), use), use);
        } catch (RuntimeException e) {
            throw Release.after(e, netlink);
        }
    }

    /** Whether the kernel lists MPTCP sockets, if it has been asked already. */
    public MptcpListing mptcpListing() {
        return dump.mptcpListing();
    }

    /**
     * The sockets that match.
     *
     * @throws KernelException ENOENT if the kernel has no module inet_diag or tcp_diag
     */
    public Census census(SocketQuery query) {
        return census(source, query);
    }

    static Census census(Source source, SocketQuery query) {
        return settled(atNanos -> {
            List<TcpSocket> sockets = new ArrayList<>();
            boolean complete =
                    source.dump(query, (protocol, message) -> sockets.add(DiagMessages.socket(protocol, message)));
            boolean settled = complete && sockets.stream().noneMatch(TcpSocket::isLeaving);
            return new Attempt<>(new Census(atNanos, sockets, complete), settled);
        });
    }

    /**
     * One walk through the kernel's table.
     *
     * @param settled whether it needs no other
     */
    private record Attempt<T>(T result, boolean settled) {}

    /**
     * The first attempt that settled, or the last of three.
     *
     * @param attempt is given the time at which it begins, as System.nanoTime() says it
     */
    private static <T> T settled(LongFunction<Attempt<T>> attempt) {
        for (int made = 1; ; made++) {
            Attempt<T> latest = attempt.apply(System.nanoTime());
            if (latest.settled() || made == TRIES) {
                return latest.result();
            }
        }
    }

    /**
     * The sockets that match, each as what {@code row} makes of it. For censuses of hundreds of thousands, whose reader
     * wants little of each.
     *
     * @param row called once for each socket, and again for each if the census has to be taken again
     * @throws KernelException ENOENT if the kernel has no module inet_diag or tcp_diag
     */
    public <T> Rows<T> rows(SocketQuery query, Function<SocketMessage, T> row) {
        return rows(source, query, row);
    }

    static <T> Rows<T> rows(Source source, SocketQuery query, Function<SocketMessage, T> row) {
        SocketMessage view = new SocketMessage();
        return settled(atNanos -> {
            List<T> rows = new ArrayList<>();
            boolean complete =
                    source.dump(query, (protocol, message) -> rows.add(row.apply(view.at(protocol, message))));
            return new Attempt<>(new Rows<>(atNanos, rows, complete), complete);
        });
    }

    /** As {@link #census}, not decoded. */
    public RawCensus raw(SocketQuery query) {
        return raw(source, query);
    }

    static RawCensus raw(Source source, SocketQuery query) {
        return settled(atNanos -> {
            Map<Protocol, List<byte[]>> messages = new EnumMap<>(Protocol.class);
            AtomicBoolean leaving = new AtomicBoolean();
            boolean complete = source.dump(query, (protocol, message) -> {
                messages.computeIfAbsent(protocol, any -> new ArrayList<>()).add(copy(message));
                leaving.compareAndSet(false, DiagMessages.isLeaving(message));
            });
            RawCensus census = new RawCensus(
                    atNanos,
                    messages.getOrDefault(Protocol.TCP, List.of()),
                    messages.getOrDefault(Protocol.MPTCP, List.of()),
                    complete);
            return new Attempt<>(census, complete && !leaving.get());
        });
    }

    private static byte[] copy(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(message.position(), bytes);
        return bytes;
    }

    /**
     * What became of the sockets of a census.
     *
     * @param atNanos when the kernel was asked, as System.nanoTime() says it (CLOCK_MONOTONIC)
     * @param rows one for each socket, in no order that means anything
     * @param complete false if the kernel's table changed under each of the tries: see {@link SockDiag}
     */
    public record Rows<T>(long atNanos, List<T> rows, boolean complete) {
        public Rows {
            rows = Collections.unmodifiableList(rows);
        }
    }

    /** How many sockets match, by state. Keeps nothing of the sockets themselves, so it suits millions. */
    public StateCounts counts(SocketQuery query) {
        return counts(source, query);
    }

    static StateCounts counts(Source source, SocketQuery query) {
        return settled(atNanos -> {
            int[] byNumber = new int[TcpState.values().length + 1];
            boolean complete = source.dump(query, (protocol, message) -> byNumber[DiagMessages.state(message)]++);
            return new Attempt<>(StateCounts.of(atNanos, byNumber, complete), complete);
        });
    }

    /**
     * Destroys the sockets that match, as {@code ss --kill} does: connections are reset (tcp_abort() in net/ipv4/tcp.c)
     * and their owners get ECONNABORTED. Of MPTCP sockets that
     * means their subflows, whose states and ports these are.
     *
     * @return how many were destroyed; one that went by itself before its turn does not count
     * @throws KernelException EPERM without CAP_NET_ADMIN; EOPNOTSUPP if the kernel was built without it
     */
    public int destroy(SocketQuery query) {
        List<NetlinkRequest> requests = new ArrayList<>();
        netlink.dump(
                DiagMessages.dump(query),
                "list what is to be destroyed",
                (type, message) -> requests.add(DiagMessages.destroy(message)));
        int destroyed = 0;
        for (NetlinkAck ack : netlink.execute(requests, (type, payload) -> {})) {
            if (!ack.failedWith(Errno.ENOENT)) {
                ack.orThrow("destroy a TCP socket", SockDiag::destroyRemedy);
                destroyed++;
            }
        }
        return destroyed;
    }

    /** Closes the netlink socket; the sockets it listed aren't touched. */
    @Override
    public void close() {
        Release.all(netlink, use);
    }

    private static String destroyRemedy(Errno errno) {
        return switch (errno) {
            case EPERM -> "needs CAP_NET_ADMIN in the user namespace that owns the network namespace";
            case EOPNOTSUPP -> "needs a kernel with CONFIG_INET_DIAG_DESTROY";
            default -> "";
        };
    }
}
