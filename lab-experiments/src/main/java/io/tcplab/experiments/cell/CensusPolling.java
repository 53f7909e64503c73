package io.tcplab.experiments.cell;

import static java.util.stream.Collectors.toSet;

import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a state of the kernel by looking again and again, in proportion to what a look costs. */
public final class CensusPolling {
    /** Nothing in the kernel announces queue lengths or the end of TIME_WAIT, so a wait looks again this often. */
    private static final Duration AGAIN = Duration.ofMillis(10);

    /** Between looks a wait pauses this many times as long as a look takes, because a dump walks the tables of all namespaces, … */
    private static final int REST = 20;

    /** … but no longer than this. */
    private static final Duration AT_LAST = Duration.ofMillis(200);

    private CensusPolling() {}

    /**
     * Takes censuses until one satisfies the condition, or nothing has moved for this long; returns the last one.
     *
     * @throws io.tcplab.experiments.EvidenceMissing if the sockets don't come to rest within ten times as long, or a minute
     */
    public static Census until(Supplier<Census> look, Predicate<Census> condition, Duration within)
            throws InterruptedException {
        ProgressTimeout timeout = new ProgressTimeout(within);
        while (true) {
            long before = System.nanoTime();
            Census census = look.get();
            long took = System.nanoTime() - before;
            if (condition.test(census) || !timeout.lasts(standing(census))) {
                return census;
            }
            TimeUnit.NANOSECONDS.sleep(Math.clamp(REST * took, AGAIN.toNanos(), AT_LAST.toNanos()));
        }
    }

    private record Standing(long cookie, TcpState state, long recvQueue, long sendQueue) {}

    private static Set<Standing> standing(Census census) {
        return census.sockets().stream()
                .map(one -> new Standing(one.cookie(), one.state(), one.recvQueue(), one.sendQueue()))
                .collect(toSet());
    }
}
