package io.tcplab.experiments;

import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Locale;

/**
 * What a run yields to be compared by, under whatever settings.
 *
 * @param name of the {@link Measurement}, beginning with the host: {@code client.EADDRNOTAVAIL}
 * @param unit {@code sockets}, {@code connections}, {@code s}, {@code ms}, …
 * @param better which way is an improvement
 * @param resolution in the unit, what a difference must exceed to be one: the tick of a clock, or how late a look may
 *     be. Values are rounded to it; 1 for counts
 * @param meaning one line
 */
public record Measure(String name, String unit, Better better, double resolution, String meaning) {
    /** The unit of memory; persons read it as KiB or MiB. */
    public static final String BYTES = "bytes";

    private static final double MILLISECOND = 0.001;

    /** Which way is an improvement. */
    public enum Better {
        LOWER,
        HIGHER,
        /** More is neither better nor worse, only more. */
        NEITHER;

        /** {@code lower}, {@code higher} or {@code neither}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A count, of which each one matters. */
    public static Measure count(String name, String unit, Better better, String meaning) {
        return new Measure(name, unit, better, 1, meaning);
    }

    /**
     * A time in seconds that a timer of the kernel sets, in whole ones: it goes off late, the longer the later, and a look at
     * it comes later still.
     */
    public static Measure timer(String name, Better better, String meaning) {
        return new Measure(name, "s", better, 1, meaning);
    }

    /** A latency in milliseconds. */
    public static Measure latency(String name, Better better, String meaning) {
        return new Measure(name, "ms", better, MILLISECOND, meaning);
    }

    /** What a host's connections take of its kernel's memory at one moment: see {@link Host#memory}. */
    public static Measure memory(Role host, String when) {
        return count(
                host.label() + ".memory",
                BYTES,
                Better.LOWER,
                "the kernel's memory for the " + host.label() + "'s connections, " + when);
    }

    /** The sockets that are in a state at one moment. */
    public static Measure sockets(Role host, TcpState state, Better better, String when) {
        return count(
                host.label() + "." + state.label(),
                "sockets",
                better,
                "sockets in " + state.label() + " at the " + host.label() + ", " + when);
    }

    /** The most sockets that were in a state at once; every run measures it. */
    public static Measure peak(Role host, TcpState state, Better better) {
        return count(
                host.label() + "." + state.label() + ".peak",
                "sockets",
                better,
                "the peak number of sockets in " + state.label() + " at the " + host.label());
    }

    /** One of its values, rounded to its resolution. */
    public double rounded(double value) {
        return Double.isFinite(value) ? Math.rint(value / resolution) * resolution : value;
    }
}
