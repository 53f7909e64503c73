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
        long last = Math.max(0, this.last.silentMillis());
        boolean asked = this.last.silentMillis() >= 0 || first.silentMillis() < 0;
        return asked ? Duration.ofMillis(last) : seenFor().plusMillis(first.silentMillis());
    }
}
