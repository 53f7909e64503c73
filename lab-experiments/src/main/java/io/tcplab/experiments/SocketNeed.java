package io.tcplab.experiments;

/**
 * How many file descriptors one arm of a run takes: {@code fixed + each × size}.
 *
 * @param knob the knob that sets the size
 * @param each descriptors for each unit of it, both ends counted since one process holds both
 * @param fixed what the run takes besides
 */
public record SocketNeed(Knob<Integer> knob, int each, int fixed) {

    /** The descriptors for one arm at that size. */
    public long at(int size) {
        return fixed + (long) each * size;
    }

    /** The largest size that one arm can have within so many descriptors. */
    public long largest(long descriptors) {
        return Math.max(0, (descriptors - fixed) / each);
    }
}
