package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * When a socket resent its SYN: each look shows when its retransmission timer will fire next.
 *
 * @param seconds from its first SYN
 * @param inTime whether each of the looks came before its timer went off, and was short enough to tell a time
 */
record SynTimer(List<Double> seconds, boolean inTime) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Each costs some seconds, and only where the machine is busy: what isn't seen in time is no evidence. */
    private static final int AGAIN = 4;

    /** A look may be of any moment while it lasted; timetables are held to a tenth of a second. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(50);

    /** Follows the first of these sockets until it has resent its SYN this many times; no times, if there is none. */
    private static SynTimer follow(Host host, List<TcpSocket> connecting, int retransmissions)
            throws InterruptedException {
        List<Double> times = new ArrayList<>();
        if (connecting.isEmpty()) {
            return new SynTimer(times, true);
        }
        SocketQuery one = SocketQuery.ofStates(TcpState.SYN_SENT)
                .withLocalPort(connecting.getFirst().port())
                .withTcpInfo();
        long sentAt = 0;
        boolean inTime = true;
        for (int sent = 0; sent < retransmissions; sent++) {
            int already = sent;
            Census look = host.await(one, census -> retransmits(census) >= already && isTelling(census), PATIENCE);
            inTime &= retransmits(look) == already && isTelling(look);
            if (!inTime) {
                break;
            }
            sentAt = sent == 0 ? nextAt(look) - rto(look) : sentAt;
            times.add((nextAt(look) - sentAt) / 1e9);
        }
        if (inTime) {
            host.await(one, census -> retransmits(census) >= retransmissions, PATIENCE);
        }
        return new SynTimer(times, inTime);
    }

    /**
     * Follows the first of these that connects; if its timer wasn't looked at within the first second, nothing is known of it,
     * and another client knocks at the server.
     */
    static SynTimer follow(Host host, RunningServer server, Census late, int retransmissions)
            throws InterruptedException {
        SynTimer timer = follow(host, late.in(TcpState.SYN_SENT), retransmissions);
        for (int again = 0; again < AGAIN && !timer.inTime(); again++) {
            host.hold(server, 1);
            var knocked = host.await(census -> census.count(TcpState.SYN_SENT, SynTimer::isFirst) > 0);
            List<TcpSocket> first = knocked.in(TcpState.SYN_SENT).stream()
                    .filter(SynTimer::isFirst)
                    .toList();
            // A client that wasn't seen in time says no more than one whose timer wasn't.
            timer = first.isEmpty() ? timer : follow(host, first, retransmissions);
        }
        return timer;
    }

    /** Whether a socket's first SYN may be the only one yet, so that it can be followed from there. */
    private static boolean isFirst(TcpSocket socket) {
        return socket.timer().retransmits() == 0;
    }

    /**
     * The times, as evidence.
     *
     * @throws EvidenceMissing if a look came too late
     */
    List<Double> known() {
        if (!inTime) {
            throw EvidenceMissing.busy("the timer was looked at too late, or the look took too long");
        }
        return seconds;
    }

    /** Whether it is of a known moment, and the timer isn't overdue: then nothing tells since when. */
    private static boolean isTelling(Census census) {
        return System.nanoTime() - census.atNanos() < LONGEST_LOOK.toNanos()
                && only(census)
                        .filter(socket -> socket.timer().expiresIn().isPositive())
                        .isPresent();
    }

    private static int retransmits(Census census) {
        return only(census).map(socket -> socket.timer().retransmits()).orElse(0);
    }

    /** When its timer goes off, on the census's clock. */
    private static long nextAt(Census census) {
        return census.atNanos()
                + only(census)
                        .map(socket -> socket.timer().expiresIn().toNanos())
                        .orElse(0L);
    }

    /** What the kernel says that it waits after a first SYN, in nanoseconds. */
    private static long rto(Census census) {
        return only(census)
                .flatMap(TcpSocket::info)
                .map(info -> TimeUnit.MICROSECONDS.toNanos(info.require(TcpInfoField.RTO)))
                .orElse(0L);
    }

    private static Optional<TcpSocket> only(Census census) {
        return census.sockets().stream().findFirst();
    }
}
