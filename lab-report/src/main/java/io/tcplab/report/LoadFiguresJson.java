package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A load's counts and latencies, as {@code lab client} and {@code lab storm} give them. */
public record LoadFiguresJson(
        BigDecimal seconds,
        long intended,
        long connected,
        long completed,
        long failed,
        long givenUp,
        long inFlight,
        Map<String, Long> failures,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, Long>> answers,
        long bytesSent,
        long bytesReceived,
        Latency connectLatency,
        Latency completionLatency,
        Latency lag) {

    /** How long something took, in nanoseconds. */
    public record Latency(
            long count,
            long min,
            BigDecimal mean,
            long p50,
            long p90,
            long p99,
            @JsonProperty("p99.9") long p999,
            long max) {

        static Latency of(Percentiles values) {
            return new Latency(
                    values.count(),
                    values.min(),
                    Figures.rounded(values.mean()),
                    values.p50(),
                    values.p90(),
                    values.p99(),
                    values.p999(),
                    values.max());
        }
    }

    /** Of a load, without what was answered. */
    static LoadFiguresJson of(LoadReport report) {
        return of(report, Optional.empty());
    }

    /** Of a load whose exchange distinguishes answers. */
    static LoadFiguresJson withAnswers(LoadReport report) {
        return of(report, Optional.of(new TreeMap<>(report.answers())));
    }

    private static LoadFiguresJson of(LoadReport report, Optional<Map<String, Long>> answers) {
        return new LoadFiguresJson(
                Figures.rounded(report.elapsed().toNanos() / 1e9),
                report.intended(),
                report.connected(),
                report.completed(),
                report.failed(),
                report.givenUp(),
                report.inFlight(),
                new TreeMap<>(report.failures()),
                answers,
                report.bytesSent(),
                report.bytesReceived(),
                Latency.of(report.connectLatency()),
                Latency.of(report.completionLatency()),
                Latency.of(report.lag()));
    }
}
