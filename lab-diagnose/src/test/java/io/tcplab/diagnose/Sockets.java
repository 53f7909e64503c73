package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Sockets as a kernel could have told them. */
final class Sockets {
    static final int PORT = 8080;
    private static final InetAddress HERE = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress THERE = InetAddress.ofLiteral("10.0.0.2");

    private final SocketRow row;
    private final boolean isMptcp;
    private final long seenNanos;

    private Sockets(SocketRow row) {
        this(row, row.mptcp(), row.seenNanos());
    }

    private Sockets(SocketRow row, boolean isMptcp, long seenNanos) {
        this.row = row;
        this.isMptcp = isMptcp;
        this.seenNanos = seenNanos;
    }

    /** One that was accepted on {@link #PORT} and has been silent for so long. */
    static Sockets accepted(TcpState state, int number, long silentMillis) {
        return connection(state, number, silentMillis, PORT, 40_000 + number);
    }

    /** One that was opened to port 5432. */
    static Sockets opened(TcpState state, int number, long silentMillis) {
        return connection(state, number, silentMillis, 40_000 + number, 5432);
    }

    static SocketRow listener(long waiting, long backlog) {
        return listener("0.0.0.0", 1, waiting, backlog);
    }

    /** One of several on {@link #PORT}. */
    static SocketRow listener(String address, long inode, long waiting, long backlog) {
        return new Sockets(plain(TcpState.LISTEN, InetAddress.ofLiteral(address), PORT, ANY, 0, inode, inode, null))
                .queues(waiting, backlog)
                .row();
    }

    /** An opening on {@link #PORT}, each from an address of its own, whose SYN-ACK's timer has so much left. */
    static Sockets request(int number, long timerMillis, int retransmits) {
        return accepted(TcpState.SYN_RECV, number, 0)
                .endpoints(
                        "10.0.0.1",
                        PORT,
                        "10." + (1 + number / 65_536) + "." + number / 256 % 256 + "." + number % 256,
                        50_000)
                .unheld()
                .timer(SocketTimer.Kind.RETRANSMIT, retransmits)
                .firesIn(timerMillis)
                .activity(null);
    }

    /** The same with other addresses and ports. */
    Sockets endpoints(String local, int localPort, String peer, int peerPort) {
        SocketRow other = plain(
                row.state(),
                InetAddress.ofLiteral(local),
                localPort,
                InetAddress.ofLiteral(peer),
                peerPort,
                row.inode(),
                row.cookie(),
                row.activity());
        return new Sockets(other)
                .queues(row.recvQueue(), row.sendQueue())
                .timer(row.timer(), row.timerMillis(), row.retransmits());
    }

    private Sockets queues(long recvQueue, long sendQueue) {
        return copy(
                recvQueue, sendQueue, row.inode(), row.timer(), row.timerMillis(), row.retransmits(), row.activity());
    }

    private Sockets timer(SocketTimer.Kind kind, long timerMillis, int retransmits) {
        return copy(row.recvQueue(), row.sendQueue(), row.inode(), kind, timerMillis, retransmits, row.activity());
    }

    Sockets unread(long bytes) {
        return queues(bytes, row.sendQueue());
    }

    Sockets unsent(long bytes) {
        return queues(row.recvQueue(), bytes);
    }

    Sockets unheld() {
        return copy(
                row.recvQueue(), row.sendQueue(), 0, row.timer(), row.timerMillis(), row.retransmits(), row.activity());
    }

    Sockets minisocket(long timerMillis) {
        return copy(0, 0, 0, SocketTimer.Kind.TIME_WAIT, timerMillis, 0, null);
    }

    Sockets timer(SocketTimer.Kind kind, int retransmits) {
        return timer(kind, 1000, retransmits);
    }

    /** Milliseconds until the timer fires. */
    Sockets firesIn(long timerMillis) {
        return timer(row.timer(), timerMillis, row.retransmits());
    }

    Sockets activity(@Nullable Activity activity) {
        return copy(
                row.recvQueue(),
                row.sendQueue(),
                row.inode(),
                row.timer(),
                row.timerMillis(),
                row.retransmits(),
                activity);
    }

    SocketRow row() {
        return row;
    }

    /** The same as an MPTCP socket. */
    SocketRow mptcp() {
        return new Sockets(row, true, row.seenNanos())
                .queues(row.recvQueue(), row.sendQueue())
                .row();
    }

    /** Nothing came, nothing went for so long; the window is open. */
    static Activity quiet(long millis) {
        return new Activity(millis, millis, millis, 101, 100, 0, 65_535, 65_535, 204_000, 0, 7, -1);
    }

    /** The probes of a closed window have been backed off so often. */
    static Activity probed(long backoff) {
        return new Activity(600_000, 600_000, 100, 101, 100, 0, 0, 65_535, 204_000, backoff, 7, -1);
    }

    private static Sockets connection(TcpState state, int number, long silentMillis, int localPort, int peerPort) {
        return new Sockets(
                plain(state, HERE, localPort, THERE, peerPort, 100 + number, 1000 + number, quiet(silentMillis)));
    }

    /** A socket with empty queues and no timer. */
    static SocketRow plain(
            TcpState state,
            InetAddress local,
            int localPort,
            InetAddress peer,
            int peerPort,
            long inode,
            long cookie,
            @Nullable Activity activity) {
        SocketTimer.Kind none = SocketTimer.Kind.NONE;
        return new SocketRow(
                state, local, localPort, peer, peerPort, 0, 0, inode, 0, none, 0, 0, cookie, activity, false, 0);
    }

    /** The same as a look at that time sees it: its ages, if it has any, are of then. */
    static SocketRow seenAt(SocketRow row, long nanos) {
        boolean ages = row.activity() != null || row.timer() != SocketTimer.Kind.NONE;
        Sockets seen = new Sockets(row, row.mptcp(), nanos);
        return ages ? seen.queues(row.recvQueue(), row.sendQueue()).row() : row;
    }

    private Sockets copy(
            long recvQueue,
            long sendQueue,
            long inode,
            SocketTimer.Kind timer,
            long timerMillis,
            int retransmits,
            @Nullable Activity activity) {
        return new Sockets(new SocketRow(
                row.state(),
                row.localAddress(),
                row.localPort(),
                row.peerAddress(),
                row.peerPort(),
                recvQueue,
                sendQueue,
                inode,
                row.uid(),
                timer,
                timerMillis,
                retransmits,
                row.cookie(),
                activity,
                isMptcp,
                seenNanos));
    }
}
