package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.kernel.sockets.TcpState;
import java.util.List;

/** A series of numbers as one line of blocks: the highest is a full block, zero is blank, little is never blank. */
final class Sparkline {
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final int FULL = BLOCKS.length() - 1;

    private Sparkline() {}

    /** Draws the numbers, none of them negative, in proportion to the largest. */
    static String draw(int[] values) {
        int peak = 0;
        for (int value : values) {
            peak = Math.max(peak, value);
        }
        StringBuilder line = new StringBuilder(values.length);
        for (int value : values) {
            line.append(BLOCKS.charAt(value == 0 ? 0 : (int) Math.ceilDiv((long) FULL * value, peak)));
        }
        return line.toString();
    }

    /**
     * How many sockets of a host were in a state, in equal spans of time. Each span shows the most there were in it, so
     * that a short peak isn't lost.
     *
     * @param seconds the time from the first span's begin to the last one's end
     */
    static int[] columns(Timeline timeline, Role host, TcpState state, double seconds, int columns) {
        List<Timeline.Sample> samples = timeline.samples().stream()
                .filter(sample -> sample.host() == host)
                .toList();
        return columns(
                samples.stream().map(Timeline.Sample::seconds).toList(),
                samples.stream().map(sample -> sample.counts().of(state)).toList(),
                seconds,
                columns);
    }

    /**
     * The same of any series.
     *
     * @param at when each of the values began, in seconds
     */
    static int[] columns(List<Double> at, List<Integer> counts, double seconds, int columns) {
        int[] values = new int[columns];
        for (int i = 0; i < counts.size(); i++) {
            int first = column(at.get(i), seconds, columns);
            // A sample stands until the next one, in whose column it was still true at first.
            int last = i + 1 < counts.size() ? column(at.get(i + 1), seconds, columns) : columns - 1;
            for (int column = first; column <= last; column++) {
                values[column] = Math.max(values[column], counts.get(i));
            }
        }
        return values;
    }

    private static int column(double at, double seconds, int columns) {
        return Math.clamp((int) (at / seconds * columns), 0, columns - 1);
    }
}
