package io.tcplab.cluster;

import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Several clients' reports as one: counts are added, and percentiles are those of all values together. */
final class LoadSum {
    private LoadSum() {}

    static LoadReport of(List<ClientResult.Reported> clients) {
        List<LoadReport> loads =
                clients.stream().map(ClientResult.Reported::load).toList();
        LoadTimings timings =
                clients.stream().map(ClientResult.Reported::timings).reduce(LoadTimings.none(), LoadTimings::plus);
        return new LoadReport(
                sum(loads, LoadReport::intended),
                sum(loads, LoadReport::waiting),
                sum(loads, LoadReport::delayed),
                sum(loads, LoadReport::connected),
                sum(loads, LoadReport::completed),
                byName(loads, LoadReport::failures),
                byName(loads, LoadReport::answers),
                sum(loads, LoadReport::givenUp),
                sum(loads, LoadReport::bytesSent),
                sum(loads, LoadReport::bytesReceived),
                sum(loads, LoadReport::bytesBeforeReset),
                timings.connect().percentiles(),
                timings.completion().percentiles(),
                timings.lag().percentiles(),
                loads.stream()
                        .map(LoadReport::elapsed)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
    }

    private static long sum(List<LoadReport> loads, ToLongFunction<LoadReport> count) {
        return loads.stream().mapToLong(count).sum();
    }

    private static Map<String, Long> byName(List<LoadReport> loads, Function<LoadReport, Map<String, Long>> counts) {
        Map<String, Long> sums = new TreeMap<>();
        loads.forEach(load -> counts.apply(load).forEach((name, count) -> sums.merge(name, count, Long::sum)));
        return sums;
    }
}
