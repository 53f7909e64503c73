package io.tcplab.report;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** A load's report as JSON, schema {@value #SCHEMA}. Times are in nanoseconds unless the name says otherwise. */
public final class LoadJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/load/1";

    private LoadJson() {}

    /** Writes the plan and its report, and flushes; doesn't close. */
    public static void write(LoadPlan plan, LoadReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("load", plan.load().spec());
            json.writeArrayPropertyStart("targets");
            plan.targets().forEach(target -> json.writeString(text(target)));
            json.writeEndArray();
            json.writeNumberProperty("rate", Figures.rounded(plan.rate()));
            json.writeNumberProperty("seconds", Figures.rounded(report.elapsed().toNanos() / 1e9));
            writeCounts(json, report);
            write(json, "connectLatency", report.connectLatency());
            write(json, "completionLatency", report.completionLatency());
            write(json, "lag", report.lag());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void writeCounts(JsonGenerator json, LoadReport report) {
        json.writeNumberProperty("intended", report.intended());
        json.writeNumberProperty("connected", report.connected());
        json.writeNumberProperty("completed", report.completed());
        json.writeNumberProperty("failed", report.failed());
        json.writeNumberProperty("givenUp", report.givenUp());
        json.writeNumberProperty("inFlight", report.inFlight());
        json.writeObjectPropertyStart("failures");
        new TreeMap<>(report.failures()).forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeNumberProperty("bytesSent", report.bytesSent());
        json.writeNumberProperty("bytesReceived", report.bytesReceived());
    }

    /** {@code 192.0.2.7:9000} or {@code [2001:db8:0:0:0:0:0:7]:9000}. */
    private static String text(InetSocketAddress target) {
        String address = target.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + target.getPort();
    }

    private static void write(JsonGenerator json, String name, Percentiles values) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("count", values.count());
        json.writeNumberProperty("min", values.min());
        json.writeNumberProperty("mean", Figures.rounded(values.mean()));
        json.writeNumberProperty("p50", values.p50());
        json.writeNumberProperty("p90", values.p90());
        json.writeNumberProperty("p99", values.p99());
        json.writeNumberProperty("p99.9", values.p999());
        json.writeNumberProperty("max", values.max());
        json.writeEndObject();
    }
}
