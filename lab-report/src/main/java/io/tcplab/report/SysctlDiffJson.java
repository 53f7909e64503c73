package io.tcplab.report;

import io.tcplab.kernel.sysctl.SysctlDiff;
import io.tcplab.kernel.sysctl.SysctlDiff.Difference;
import io.tcplab.kernel.sysctl.SysctlDiff.Overridden;
import io.tcplab.kernel.sysctl.SysctlDiff.Side;
import io.tcplab.kernel.sysctl.SysctlDiff.Which;
import java.io.Writer;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * What two files of settings differ in as JSON, schema {@value #SCHEMA}: see {@code lab-sysctl-diff-1.schema.json}
 * beside this class. Within the major version fields may be added, and none may change its meaning or go.
 */
public final class SysctlDiffJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/sysctl-diff/1";

    private final JsonGenerator json;

    private SysctlDiffJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes the differences and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(SysctlDiff diff, String kernelRelease, String first, String second, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeObjectPropertyStart("kernel");
            json.writeStringProperty("release", kernelRelease);
            json.writeEndObject();
            json.writeStringProperty("first", first);
            json.writeStringProperty("second", second);
            new SysctlDiffJson(json).write(diff);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private void write(SysctlDiff diff) {
        json.writeNumberProperty("same", diff.same());
        json.writeArrayPropertyStart("differences");
        diff.differences().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("overridden");
        diff.overridden().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("problems");
        diff.problems().forEach(problem -> {
            json.writeStartObject();
            json.writeStringProperty("side", side(problem.file()));
            json.writeNumberProperty("line", problem.problem().line());
            json.writeNumberProperty("column", problem.problem().column());
            json.writeStringProperty("message", problem.problem().message());
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    private void write(Difference difference) {
        json.writeStartObject();
        json.writeStringProperty("name", difference.name());
        write("first", difference.first());
        write("second", difference.second());
        json.writeStringProperty("meaning", difference.meaning());
        json.writeEndObject();
    }

    private void write(String name, Side side) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("from", side.origin().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("value", side.value());
        json.writeNumberProperty("line", side.line());
        json.writeStringProperty("problem", side.problem());
        json.writeEndObject();
    }

    private void write(Overridden line) {
        json.writeStartObject();
        json.writeStringProperty("side", side(line.file()));
        json.writeStringProperty("name", line.name());
        json.writeNumberProperty("line", line.line());
        json.writeStringProperty("value", line.value());
        json.writeNumberProperty("byLine", line.byLine());
        json.writeStringProperty("byValue", line.byValue());
        json.writeEndObject();
    }

    private static String side(Which which) {
        return which.name().toLowerCase(Locale.ROOT);
    }
}
