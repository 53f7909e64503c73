package io.tcplab.client;

/**
 * A load's distributions, whole, as {@link LoadReport} has only their percentiles.
 *
 * @param connect see {@link LoadReport#connectLatency}
 * @param completion see {@link LoadReport#completionLatency}
 * @param lag see {@link LoadReport#lag}
 */
public record LoadTimings(Timings connect, Timings completion, Timings lag) {
    /** Of a load that did nothing. */
    public static LoadTimings none() {
        return new LoadTimings(Timings.none(), Timings.none(), Timings.none());
    }

    /** Those of two loads. */
    public LoadTimings plus(LoadTimings other) {
        return new LoadTimings(connect.plus(other.connect), completion.plus(other.completion), lag.plus(other.lag));
    }
}
