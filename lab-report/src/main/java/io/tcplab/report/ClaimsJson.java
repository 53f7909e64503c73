package io.tcplab.report;

import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.PointResult;
import java.io.Writer;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * The claims as JSON, schema {@value #SCHEMA}: see {@code lab-claims-1.schema.json} beside this class. Scripts depend on
 * it. Within the major version fields may be added, and none may change its meaning or go.
 */
public final class ClaimsJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/claims/1";

    private final JsonGenerator json;

    private ClaimsJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes the report and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(ClaimsReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            new ClaimsJson(json).write(report);
            json.writeRaw('\n');
        }
    }

    private void write(ClaimsReport report) {
        json.writeStartObject();
        json.writeStringProperty("schema", SCHEMA);
        json.writeObjectPropertyStart("kernel");
        json.writeStringProperty("release", report.kernelRelease());
        json.writeEndObject();
        json.writeStringProperty("sandbox", report.sandbox());
        json.writeBooleanProperty("interrupted", report.interrupted());
        json.writeArrayPropertyStart("claims");
        report.claims().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("settings");
        report.settings().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(ClaimResult result) {
        json.writeStartObject();
        json.writeNumberProperty("number", result.claim().number());
        json.writeStringProperty("claim", result.claim().text());
        json.writeStringProperty("verdict", result.verdict().label());
        json.writeStringProperty("evidence", result.evidence());
        json.writeArrayPropertyStart("experiments");
        ClaimsReport.experiments(result).forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("points");
        result.points().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(PointResult result) {
        json.writeStartObject();
        json.writeStringProperty("experiment", result.point().run().command());
        json.writeStringProperty("expectation", result.point().expectation().statement());
        json.writeStringProperty("bearing", result.point().bearing().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("verdict", result.verdict().label());
        json.writeStringProperty("measure", result.point().measure());
        json.writeStringProperty("observed", result.observed());
        json.writeStringProperty("control", result.control());
        json.writeStringProperty("reason", result.reason());
        json.writeEndObject();
    }
}
