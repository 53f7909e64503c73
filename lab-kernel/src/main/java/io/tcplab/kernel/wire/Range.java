package io.tcplab.kernel.wire;

/**
 * Numbers from the first to the last, both included.
 *
 * @param last {@link Integer#MAX_VALUE} for no end
 */
public record Range(int first, int last) {
    public Range {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no range: " + first + " to " + last);
        }
    }

    static Range from(int first) {
        return new Range(first, Integer.MAX_VALUE);
    }

    boolean contains(long number) {
        return number >= first && (number <= last || last == Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        if (first == last) {
            return Integer.toString(first);
        }
        return last == Integer.MAX_VALUE ? first + " and on" : first + " to " + last;
    }
}
