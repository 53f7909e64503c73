package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.List;

/** What {@code lab client} came to, as JSON. Times are in nanoseconds unless the name says otherwise. */
public record LoadJson(
        String schema,
        String load,
        String exchange,
        boolean tls,
        List<String> targets,
        BigDecimal rate,
        @JsonUnwrapped LoadFiguresJson figures)
        implements Json.Document {

    /** Of a plan and what became of it. */
    public static LoadJson of(LoadPlan plan, LoadReport report) {
        return new LoadJson(
                "lab/load/1",
                plan.load().spec(),
                plan.exchange().label(),
                plan.tls() != null,
                plan.targets().stream().map(LoadJson::text).toList(),
                Figures.rounded(plan.rate()),
                LoadFiguresJson.withAnswers(report));
    }

    /** {@code 192.0.2.7:9000} or {@code [2001:db8:0:0:0:0:0:7]:9000}. */
    private static String text(InetSocketAddress target) {
        String address = target.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + target.getPort();
    }
}
