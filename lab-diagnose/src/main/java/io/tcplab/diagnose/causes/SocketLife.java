package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;

/**
 * A socket over the samples that saw it in its latest state.
 *
 * @param first the earliest row in that state
 * @param firstNanos when that was
 * @param last the latest row
 * @param lastNanos when that was
 */
public record SocketLife(SocketRow first, long firstNanos, SocketRow last, long lastNanos) {
    /** The state in which it was last seen. */
    public TcpState state() {
        return last.state();
    }

    /** How long it was seen in that state; it may have been there before, and after. */
    public Duration seenFor() {
        return Duration.ofNanos(lastNanos - firstNanos);
    }

    /** For at least this long nothing has come, by what the kernel said then and what was seen since. */
    Duration silentFor() {
        long before = first.silentMillis(firstNanos);
        long after = last.silentMillis(lastNanos);
        boolean asked = after >= 0 || before < 0;
        return asked ? Duration.ofMillis(Math.max(0, after)) : seenFor().plusMillis(before);
    }

    /** The latest row, whose ages may be of an earlier sample, as it was at the last that saw it. */
    SocketRow atLast() {
        return last.asOf(lastNanos);
    }
}
