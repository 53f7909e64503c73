package io.tcplab.experiments.ladder;

import io.tcplab.kernel.wire.WireSegment;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Picks one connection out of all that cross a link, the first or another one in the order of their first SYNs, and its
 * segments from then on. Segments may be shown to it again.
 */
final class Follow implements Predicate<WireSegment> {
    private final int nth;
    private final Set<Endpoints> opened = new HashSet<>();
    private Optional<Endpoints> followed = Optional.empty();

    /** Follows the nth connection; 1 is the first. */
    Follow(int nth) {
        this.nth = nth;
    }

    /** Whether a segment, which must be given in the order of time, belongs to the connection. */
    @Override
    public synchronized boolean test(WireSegment segment) {
        if (followed.isPresent()) {
            return followed.get().has(segment);
        }
        boolean opens = segment.segment().isSyn();
        if (opens && opened.add(Endpoints.of(segment)) && opened.size() == nth) {
            followed = Optional.of(Endpoints.of(segment));
            return true;
        }
        return false;
    }
}
