package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code lab client} came to, as JSON. Times are in nanoseconds unless the name says otherwise. */
public record LoadJson(
        String schema,
        String load,
        String exchange,
        boolean tls,
        List<String> targets,
        BigDecimal rate,
        BigDecimal seconds,
        long intended,
        long connected,
        long completed,
        long failed,
        long givenUp,
        long inFlight,
        Map<String, Long> failures,
        Map<String, Long> answers,
        long bytesSent,
        long bytesReceived,
        Latency connectLatency,
        Latency completionLatency,
        Latency lag)
        implements Json.Document {

    /** How long something took. */
    public record Latency(
            long count,
            long min,
            BigDecimal mean,
            long p50,
            long p90,
            long p99,
            @JsonProperty("p99.9") long p999,
            long max) {}

    /** Of a plan and what became of it. */
    public static LoadJson of(LoadPlan plan, LoadReport report) {
        return new LoadJson(
                "lab/load/1",
                plan.load().spec(),
                plan.exchange().label(),
                plan.tls() != null,
                plan.targets().stream().map(LoadJson::text).toList(),
                Figures.rounded(plan.rate()),
                Figures.rounded(report.elapsed().toNanos() / 1e9),
                report.intended(),
                report.connected(),
                report.completed(),
                report.failed(),
                report.givenUp(),
                report.inFlight(),
                new TreeMap<>(report.failures()),
                new TreeMap<>(report.answers()),
                report.bytesSent(),
                report.bytesReceived(),
                latency(report.connectLatency()),
                latency(report.completionLatency()),
                latency(report.lag()));
    }

    /** {@code 192.0.2.7:9000} or {@code [2001:db8:0:0:0:0:0:7]:9000}. */
    private static String text(InetSocketAddress target) {
        String address = target.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + target.getPort();
    }

    static Latency latency(Percentiles values) {
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
