package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Expected;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.SocketTimer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How long something lasts that the kernel ends by itself without an event, as bounded by looks: a busy machine
 * looks late, and that isn't the kernel's doing.
 *
 * @param least seconds from when it had begun for certain to the last look that found it, or to its timer's end; never negative
 * @param most seconds from when it hadn't begun yet to the first look that didn't find it, or to its timer's end; infinite if each
 *     look found it
 */
record Lasted(double least, double most) {
    /** The interval between looks, if the machine is fast enough. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** Seconds: timers are set in whole ones. */
    private static final double NARROW = 0.7;

    /** A look is of any moment while it lasted: several tell more than one. */
    private static final int LOOKS = 3;

    /** Nothing is known yet. */
    static final Lasted UNENDED = new Lasted(0, Double.POSITIVE_INFINITY);

    /** It ended at once. */
    static final Lasted NO_TIME = new Lasted(0, 0);

    /** Looks until no such socket is left, or until patience, which starts now, is over. */
    static Lasted await(Host host, SocketQuery query, Start start, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long thereNanos = start.begunNanos();
        while (true) {
            Census census = host.await(query, Census::isEmpty, AGAIN);
            // A census is of some moment between its time, when the kernel was asked, and now.
            long now = System.nanoTime();
            double least = (thereNanos - start.begunNanos()) / 1e9;
            if (census.isEmpty()) {
                return new Lasted(least, (now - start.notYetNanos()) / 1e9);
            }
            thereNanos = Math.max(thereNanos, census.atNanos());
            if (now >= deadline) {
                return new Lasted((thereNanos - start.begunNanos()) / 1e9, Double.POSITIVE_INFINITY);
            }
        }
    }

    /**
     * How long something is to last by its timer, whatever that is.
     *
     * @param query finds the socket whose timer it is; it is waited for
     * @return no time at all if it has no timer; if there is no such socket, what that look tells: it is gone
     */
    static Lasted byTimer(Host host, SocketQuery query, Start start) throws InterruptedException {
        Lasted narrowest = UNENDED;
        for (int i = 0; i < LOOKS; i++) {
            Census census = host.await(query, look -> !look.isEmpty(), Host.SOON);
            long now = System.nanoTime();
            if (census.isEmpty()) {
                return new Lasted(0, Math.min(narrowest.most, (now - start.notYetNanos()) / 1e9));
            }
            SocketTimer timer = census.sockets().getFirst().timer();
            if (timer.kind() == SocketTimer.Kind.NONE) {
                return NO_TIME;
            }
            long nanos = timer.expiresIn().toNanos();
            narrowest = new Lasted(
                    Math.max(narrowest.least, (census.atNanos() + nanos - start.begunNanos()) / 1e9),
                    Math.min(narrowest.most, (now + nanos - start.notYetNanos()) / 1e9));
        }
        return narrowest;
    }

    /** Observes that it lasted this many seconds, within these bounds. */
    void observe(Trial trial, Expectation expectation, double shortest, double longest) {
        trial.observe(expectation, Expected.seconds(shortest, longest), () -> against(shortest, longest));
    }

    /** Observes that each lasted this many seconds, and was seen to end at most this much later. */
    static void observe(Trial trial, Expectation expectation, List<Lasted> all, List<Double> times, double late) {
        trial.observe(expectation, Expected.notBefore(times, late), () -> against(all, times, late));
    }

    /** The seconds that each lasted, to be compared with {@link Expected#notBefore}. */
    static List<Double> against(List<Lasted> all, List<Double> times, double late) {
        return IntStream.range(0, times.size())
                .mapToObj(i -> all.get(i).against(Expected.latest(times.get(i), late)))
                .toList();
    }

    /**
     * The seconds it lasted, to be compared with a shortest and a longest time.
     *
     * @throws EvidenceMissing if it may have ended too early or in time, and there was no look then
     */
    double against(double shortest, double longest) {
        if (least < shortest && shortest <= most && most <= longest) {
            throw unseen();
        }
        return against(longest);
    }

    /**
     * The seconds it lasted, to be compared with a longest time.
     *
     * @throws EvidenceMissing if it may have ended in time, and there was no look then
     */
    double against(double longest) {
        if (most > longest && least <= longest && most < Double.POSITIVE_INFINITY) {
            throw unseen();
        }
        return most;
    }

    /**
     * The seconds it lasted, to be compared with those of other runs.
     *
     * @throws EvidenceMissing if the looks were so far apart that they tell more of the machine than of the kernel
     */
    double known() {
        if (most - least > NARROW && most < Double.POSITIVE_INFINITY) {
            throw unseen();
        }
        return most;
    }

    private EvidenceMissing unseen() {
        return new EvidenceMissing(String.format(
                Locale.ROOT,
                "the machine was too busy to see when: still there after %.1f s, gone after %.1f s",
                least,
                most));
    }
}
