package io.tcplab.report;

import io.tcplab.kernel.sysctl.LintFinding;
import io.tcplab.report.LintReport.Judged;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;

/**
 * Findings in files of settings as JSON, schema {@value #SCHEMA}: see {@code lab-sysctl-lint-1.schema.json} beside this
 * class. Within the major version fields may be added, and none may change its meaning or go.
 */
public final class LintJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/sysctl-lint/1";

    private final JsonGenerator json;

    private LintJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes the report and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(LintReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            new LintJson(json).write(report);
            json.writeRaw('\n');
        }
    }

    private void write(LintReport report) {
        json.writeStartObject();
        json.writeStringProperty("schema", SCHEMA);
        json.writeObjectPropertyStart("kernel");
        json.writeStringProperty("release", report.kernelRelease());
        json.writeEndObject();
        json.writeStringProperty("defaultsFrom", report.defaultsMeasured() ? "namespace" : "catalogue");
        json.writeArrayPropertyStart("files");
        report.files().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(Judged file) {
        json.writeStartObject();
        json.writeStringProperty("file", file.file());
        json.writeNumberProperty("settings", file.result().settings());
        json.writeNumberProperty("unjudged", file.result().unjudged());
        json.writeArrayPropertyStart("findings");
        file.result().findings().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(LintFinding finding) {
        json.writeStartObject();
        json.writeNumberProperty("line", finding.line());
        json.writeNumberProperty("column", finding.column());
        json.writeStringProperty("severity", finding.severity().label());
        json.writeStringProperty("topic", finding.topic().label());
        json.writeStringProperty("name", finding.name());
        json.writeStringProperty("message", finding.message());
        json.writeArrayPropertyStart("claims");
        finding.claims().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeArrayPropertyStart("experiments");
        finding.experiments().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
