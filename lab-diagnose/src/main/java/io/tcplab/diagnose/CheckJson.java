package io.tcplab.diagnose;

import java.io.Writer;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** A check as JSON, schema {@value #SCHEMA}. */
public final class CheckJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/check/1";

    private CheckJson() {}

    /** Writes it, and flushes; doesn't close. */
    public static void write(Check check, Writer to) {
        try (JsonGenerator json = DiagnosisJson.generator(to)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("verdict", label(check.verdict()));
            json.writeArrayPropertyStart("thresholds");
            check.measures().forEach(measure -> write(json, measure));
            json.writeEndArray();
            json.writeObjectPropertyStart("diagnosis");
            DiagnosisJson.writeMembers(json, check.diagnosis());
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, Check.Measure measure) {
        json.writeStartObject();
        json.writeStringProperty("name", measure.threshold().name());
        json.writeNumberProperty("most", measure.threshold().most());
        if (measure.last().isPresent()) {
            json.writeNumberProperty("last", measure.last().getAsLong());
        } else {
            json.writeNullProperty("last");
        }
        json.writeNumberProperty("peak", measure.peak());
        json.writeStringProperty("verdict", label(measure.verdict()));
        json.writeEndObject();
    }

    private static String label(Check.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
