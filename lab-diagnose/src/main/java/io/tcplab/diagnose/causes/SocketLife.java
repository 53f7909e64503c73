package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A socket over the samples that saw it in its latest state.
 *
 * @param first the earliest row in that state
 * @param firstNanos when that was
 * @param last the latest row
 * @param lastNanos when that was
 */
public record SocketLife(SocketRow first, long firstNanos, SocketRow last, long lastNanos) {
    /** Not TIME_WAIT, of which there are hundreds of thousands, and which has no cookie of its own. */
    private static final Set<TcpState> FOLLOWED = EnumSet.complementOf(EnumSet.of(TcpState.TIME_WAIT, TcpState.LISTEN));

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

    /** Those of the target, by cookie. */
    static Map<Long, SocketLife> of(List<Sample> samples, Membership membership) {
        Map<Long, SocketLife> lives = new HashMap<>();
        for (Sample sample : samples) {
            for (SocketRow row : sample.sockets()) {
                if (FOLLOWED.contains(row.state()) && row.cookie() != 0 && membership.had(row)) {
                    lives.merge(
                            row.cookie(),
                            new SocketLife(row, sample.atNanos(), row, sample.atNanos()),
                            SocketLife::followedBy);
                }
            }
        }
        return lives;
    }

    private SocketLife followedBy(SocketLife next) {
        return next.state() == state() ? new SocketLife(first, firstNanos, next.last, next.lastNanos) : next;
    }
}
