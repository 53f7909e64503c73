package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expected;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * How long something lasted that the kernel ends by itself and doesn't announce, as far as looking tells: a busy machine
 * looks late, and that isn't the kernel's doing.
 *
 * @param least seconds from when it had begun for certain to the last look that found it; never negative
 * @param most seconds from when it hadn't begun yet to the first look that didn't find it; infinite if each look did
 */
record Lasted(double least, double most) {
    /** Looks come at least so often, as far as the machine lets them. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    /**
     * Looks until it is over or patience, which runs from now on.
     *
     * @param over what a census shows when it is over
     * @param notYetNanos when it hadn't begun yet, on System.nanoTime
     * @param begunNanos when it had
     */
    static Lasted await(
            Host host, SocketQuery query, Predicate<Census> over, long notYetNanos, long begunNanos, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long thereNanos = begunNanos;
        while (true) {
            Census census = host.await(query, over, AGAIN);
            // A census is of some moment between its time, when the kernel was asked, and now.
            long now = System.nanoTime();
            if (over.test(census)) {
                return new Lasted((thereNanos - begunNanos) / 1e9, (now - notYetNanos) / 1e9);
            }
            thereNanos = Math.max(thereNanos, census.atNanos());
            if (now >= deadline) {
                return new Lasted((thereNanos - begunNanos) / 1e9, Double.POSITIVE_INFINITY);
            }
        }
    }

    /** The seconds that each lasted, to be compared with {@link Expected#notBefore}. */
    static List<Double> against(List<Lasted> all, List<Double> times, double late) {
        return IntStream.range(0, times.size())
                .mapToObj(i -> all.get(i).against(Expected.latest(times.get(i), late)))
                .toList();
    }

    /**
     * The seconds it lasted, to be compared with a longest time.
     *
     * @throws EvidenceMissing if it may have ended in time, and nobody looked then
     */
    double against(double longest) {
        if (most > longest && least <= longest && most < Double.POSITIVE_INFINITY) {
            throw new EvidenceMissing(String.format(
                    Locale.ROOT,
                    "the machine was too busy to see when: still there after %.1f s, gone after %.1f s",
                    least,
                    most));
        }
        return most;
    }
}
