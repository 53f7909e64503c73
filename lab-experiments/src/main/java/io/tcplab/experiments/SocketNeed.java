package io.tcplab.experiments;

import java.util.Optional;

/**
 * How many file descriptors one arm of a run takes: {@code fixed + each × size}.
 *
 * @param knob the knob that sets the size; empty if the run always takes the same
 * @param each descriptors for each unit of it, both ends counted since one process holds both
 * @param fixed what the run takes besides
 */
public record SocketNeed(Optional<Knob<Integer>> knob, int each, int fixed) {

    /** A need that grows with a knob. */
    public SocketNeed(Knob<Integer> knob, int each, int fixed) {
        this(Optional.of(knob), each, fixed);
    }

    /** A need that no knob changes. */
    public static SocketNeed fixed(int descriptors) {
        return new SocketNeed(Optional.empty(), 0, descriptors);
    }

    /** The descriptors that one arm takes with these knobs. */
    public long with(KnobValues knobs) {
        return fixed + (long) each * knob.map(knobs::get).orElse(0);
    }

    /** The largest size that one arm can have within this many descriptors. */
    public long largest(long descriptors) {
        return Math.max(0, (descriptors - fixed) / Math.max(1, each));
    }
}
