package io.tcplab.report;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;

/**
 * The report as JSON, schema {@value #SCHEMA}: see {@code lab-run-1.schema.json} beside this class. Scripts depend on it.
 * Within the major version fields may be added, and none may change its meaning or go.
 */
public final class JsonReport {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/run/1";

    private final JsonGenerator json;
    private final JsonFields fields;

    private JsonReport(JsonGenerator json) {
        this.json = json;
        fields = new JsonFields(json);
    }

    /**
     * Writes the report and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(RunReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            new JsonReport(json).write(report);
            json.writeRaw('\n');
        }
    }

    private void write(RunReport report) {
        json.writeStartObject();
        json.writeStringProperty("schema", SCHEMA);
        json.writeObjectPropertyStart("kernel");
        json.writeStringProperty("release", report.kernelRelease());
        json.writeEndObject();
        json.writeStringProperty("sandbox", report.sandbox());
        json.writeNumberProperty("seed", report.seed());
        json.writeBooleanProperty("withoutFault", report.withoutFault());
        json.writeBooleanProperty("interrupted", report.interrupted());
        json.writeStringProperty("verdict", report.verdict().label());
        json.writeArrayPropertyStart("runs");
        report.runs().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(RunResult run) {
        json.writeStartObject();
        json.writeStringProperty("experiment", run.experiment());
        json.writeNumberProperty("trial", run.trial());
        json.writeStringProperty("verdict", run.verdict().label());
        json.writeStringProperty("reason", run.reason());
        json.writeNumberProperty("seconds", Figures.rounded(run.seconds()));
        fields.knobs(run.knobs());
        fields.sysctls(run.sysctls());
        json.writeArrayPropertyStart("expectations");
        run.expectations().forEach(this::write);
        json.writeEndArray();
        json.writeObjectPropertyStart("measurements");
        run.measurements().forEach(this::write);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void write(ExpectationResult result) {
        json.writeStartObject();
        json.writeStringProperty("name", result.expectation().statement());
        json.writeStringProperty("arm", result.arm().label());
        json.writeStringProperty("host", result.expectation().host().label());
        json.writeStringProperty("source", result.expectation().source().label());
        json.writeStringProperty("expected", result.expected());
        json.writeStringProperty("observed", result.observed());
        json.writeStringProperty("verdict", result.verdict().label());
        json.writeBooleanProperty("decides", result.decides());
        json.writeStringProperty("reason", result.reason());
        json.writeEndObject();
    }

    /** JSON has no infinity; a figure that isn't one is left out as null. */
    private void write(String name, Measurement measurement) {
        json.writeObjectPropertyStart(name);
        if (Double.isFinite(measurement.value())) {
            json.writeNumberProperty("value", Figures.rounded(measurement.value()));
        } else {
            json.writeNullProperty("value");
        }
        json.writeStringProperty("unit", measurement.unit());
        json.writeEndObject();
    }
}
