package io.tcplab.serve;

import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * State changes as two looks show them: a socket is known again by its two ends. What went through several states in between shows
 * as one change, and what came and went isn't seen.
 *
 * <p>A look may have hundreds of thousands of sockets: each is one number, its ends' hash of 60 bits and its state. That two of a million
 * sockets have the same hash is as likely as one in two million.
 */
final class CensusFlow {
    private static final int STATE_BITS = 4;
    private static final long STATE_MASK = (1 << STATE_BITS) - 1;

    private CensusFlow() {}

    /** The changes between the last two looks; there must be two. */
    static Map<EdgeRates.Edge, Long> of(Look look) {
        List<Sample> samples = look.samples();
        Membership membership = Membership.of(look.scope(), samples);
        return between(
                samples.get(samples.size() - 2).sockets(), samples.getLast().sockets(), membership::has);
    }

    /**
     * The changes between two lists of sockets.
     *
     * @param counts whether a socket is of interest
     */
    static Map<EdgeRates.Edge, Long> between(
            List<SocketRow> before, List<SocketRow> after, Predicate<SocketRow> counts) {
        return between(numbers(before, counts), numbers(after, counts));
    }

    /** Goes along both, which are sorted. */
    private static Map<EdgeRates.Edge, Long> between(long[] before, long[] after) {
        Map<EdgeRates.Edge, Long> changes = new HashMap<>();
        int b = 0;
        int a = 0;
        while (b < before.length || a < after.length) {
            int order = b == before.length
                    ? 1
                    : a == after.length ? -1 : Long.compare(before[b] >> STATE_BITS, after[a] >> STATE_BITS);
            TcpState was = order <= 0 ? state(before[b++]) : TcpState.CLOSE;
            TcpState is = order >= 0 ? state(after[a++]) : TcpState.CLOSE;
            if (was != is) {
                changes.merge(new EdgeRates.Edge(was, is), 1L, Long::sum);
            }
        }
        return changes;
    }

    private static TcpState state(long number) {
        return TcpState.of((int) (number & STATE_MASK));
    }

    private static long[] numbers(List<SocketRow> sockets, Predicate<SocketRow> counts) {
        long[] numbers = new long[sockets.size()];
        int count = 0;
        for (SocketRow socket : sockets) {
            if (counts.test(socket)) {
                numbers[count++] = hash(socket) << STATE_BITS | socket.state().number();
            }
        }
        long[] members = Arrays.copyOf(numbers, count);
        Arrays.sort(members);
        return members;
    }

    private static long hash(SocketRow socket) {
        long local = mixed((long) socket.localAddress().hashCode() << 16 | socket.localPort());
        return mixed(local ^ ((long) socket.peerAddress().hashCode() << 16 | socket.peerPort()));
    }

    /** Stafford's mix 13, as in java.util.SplittableRandom. */
    private static long mixed(long number) {
        long z = number;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
