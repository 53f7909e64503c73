package io.tcplab.report;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.report.SysctlReport.Entry;
import java.io.Writer;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The knobs as JSON, schema {@value #SCHEMA}: see {@code lab-sysctl-1.schema.json} beside this class. Within the major
 * version fields may be added, and none may change its meaning or go.
 */
public final class SysctlJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/sysctl/1";

    private final JsonGenerator json;

    private SysctlJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes the report and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(SysctlReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            new SysctlJson(json).write(report);
            json.writeRaw('\n');
        }
    }

    private void write(SysctlReport report) {
        json.writeStartObject();
        json.writeStringProperty("schema", SCHEMA);
        json.writeObjectPropertyStart("kernel");
        json.writeStringProperty("release", report.kernelRelease());
        json.writeEndObject();
        json.writeStringProperty("defaultsFrom", report.defaultsMeasured() ? "namespace" : "catalogue");
        json.writeArrayPropertyStart("sysctls");
        report.entries().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(Entry entry) {
        SysctlKnob knob = entry.knob();
        json.writeStartObject();
        json.writeStringProperty("name", knob.name());
        write("value", entry.state().value());
        write("default", entry.state().defaultValue());
        json.writeBooleanProperty("changed", entry.state().isChanged());
        json.writeStringProperty(
                "takes", knob.range().description() + knob.range().limit());
        json.writeStringProperty("unit", knob.unit());
        json.writeStringProperty("scope", knob.scope() == Scope.PER_NAMESPACE ? "namespace" : "host");
        json.writeBooleanProperty("writable", knob.isSettable());
        write("since", knob.since().map(KernelRelease::text));
        json.writeStringProperty("meaning", knob.meaning());
        json.writeArrayPropertyStart("experiments");
        entry.experiments().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }
}
