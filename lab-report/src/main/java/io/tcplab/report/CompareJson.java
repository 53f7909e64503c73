package io.tcplab.report;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.statistics.Contrast;
import io.tcplab.compare.statistics.Summary;
import io.tcplab.compare.threshold.ThresholdResult;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Finding;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.Reason;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.compare.verdict.SysctlDifference;
import io.tcplab.experiments.Measure;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;

/**
 * Comparisons as JSON, schema {@value #SCHEMA}: see {@code lab-compare-1.schema.json} beside this class. Scripts depend on
 * it. Within the major version fields may be added, and none may change its meaning or go.
 */
public final class CompareJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/compare/1";

    private final JsonGenerator json;
    private final JsonFields fields;

    private CompareJson(JsonGenerator json) {
        this.json = json;
        fields = new JsonFields(json);
    }

    /**
     * Writes the report and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(CompareReport report, Writer to) {
        try (JsonGenerator json = Json.generator(to)) {
            new CompareJson(json).write(report);
            json.writeRaw('\n');
        }
    }

    private void write(CompareReport report) {
        json.writeStartObject();
        json.writeStringProperty("schema", SCHEMA);
        json.writeObjectPropertyStart("kernel");
        json.writeStringProperty("release", report.kernelRelease());
        json.writeEndObject();
        json.writeBooleanProperty("interrupted", report.interrupted());
        json.writeArrayPropertyStart("comparisons");
        report.comparisons().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("thresholds");
        report.thresholds().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(ThresholdResult result) {
        json.writeStartObject();
        json.writeStringProperty("threshold", result.threshold().text());
        json.writeStringProperty("experiment", result.experiment());
        json.writeStringProperty("outcome", result.outcome().label());
        json.writeStringProperty("reason", result.reason());
        json.writeEndObject();
    }

    private void write(ComparisonResult comparison) {
        json.writeStartObject();
        json.writeStringProperty("experiment", comparison.experiment());
        json.writeStringProperty("bound", comparison.bound().label());
        json.writeNumberProperty("jobs", comparison.jobs());
        json.writeNumberProperty("seed", comparison.seed());
        json.writeNumberProperty("trials", comparison.trials());
        json.writeBooleanProperty("interrupted", comparison.interrupted());
        json.writeNumberProperty("seconds", Figures.rounded(comparison.seconds()));
        json.writeArrayPropertyStart("settings");
        comparison.settings().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("measures");
        comparison.measures().forEach(result -> write(result, comparison.samples()));
        json.writeEndArray();
        json.writeArrayPropertyStart("sysctls");
        comparison.sysctls().forEach(this::write);
        json.writeEndArray();
        json.writeArrayPropertyStart("reasons");
        comparison.reasons().forEach(this::write);
        json.writeEndArray();
        fields.strings("notes", comparison.notes());
        json.writeEndObject();
    }

    private void write(SettingResult setting) {
        json.writeStartObject();
        json.writeNumberProperty("number", setting.number());
        json.writeStringProperty("label", setting.label());
        json.writeStringProperty("sandbox", setting.sandbox());
        fields.knobs(setting.knobs());
        fields.sysctls(setting.sysctls());
        json.writeObjectPropertyStart("verdicts");
        setting.verdicts().forEach((verdict, count) -> json.writeNumberProperty(verdict.label(), count));
        json.writeEndObject();
        json.writeNumberProperty("kept", setting.kept());
        json.writeNumberProperty("repeated", setting.repeated());
        fields.strings("dropped", setting.dropped());
        json.writeEndObject();
    }

    private void write(MeasureResult result, List<Sample> samples) {
        Measure measure = result.measure();
        json.writeStartObject();
        json.writeStringProperty("name", measure.name());
        json.writeStringProperty("unit", measure.unit());
        json.writeStringProperty("better", measure.better().label());
        json.writeStringProperty("meaning", measure.meaning());
        json.writeNumberProperty("resolution", Figures.rounded(measure.resolution()));
        json.writeArrayPropertyStart("settings");
        for (int i = 0; i < result.summaries().size(); i++) {
            write(measure, i + 1, result.summaries().get(i), samples);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("findings");
        result.findings().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(Measure measure, int setting, Optional<Summary> summary, List<Sample> samples) {
        json.writeStartObject();
        json.writeNumberProperty("setting", setting);
        json.writeArrayPropertyStart("samples");
        samples.stream()
                .filter(sample -> sample.setting() == setting)
                .sorted(Comparator.comparingInt(Sample::trial))
                .map(sample -> sample.value(measure))
                .filter(OptionalDouble::isPresent)
                .forEach(value -> fields.element(value.getAsDouble()));
        json.writeEndArray();
        fields.number("median", summary.map(Summary::median));
        fields.number("low", summary.map(figures -> figures.interval().low()));
        fields.number("high", summary.map(figures -> figures.interval().high()));
        json.writeBooleanProperty("constant", summary.map(Summary::constant).orElse(false));
        json.writeEndObject();
    }

    private void write(Finding finding) {
        json.writeStartObject();
        json.writeNumberProperty("setting", finding.setting());
        json.writeStringProperty("effect", spelled(finding.effect()));
        json.writeStringProperty("sense", finding.sense().label());
        json.writeBooleanProperty("exact", finding.exact());
        fields.number("p", finding.p().isPresent() ? Optional.of(finding.p().getAsDouble()) : Optional.empty());
        fields.number("delta", finding.contrast().map(Contrast::delta));
        fields.number("difference", finding.contrast().map(Contrast::difference));
        fields.number(
                "low", finding.contrast().map(contrast -> contrast.interval().low()));
        fields.number(
                "high", finding.contrast().map(contrast -> contrast.interval().high()));
        json.writeStringProperty("words", finding.words());
        json.writeEndObject();
    }

    private void write(SysctlDifference difference) {
        json.writeStartObject();
        json.writeStringProperty("host", difference.host().label());
        json.writeStringProperty("name", difference.name());
        fields.strings("values", difference.values());
        json.writeEndObject();
    }

    private void write(Reason reason) {
        json.writeStartObject();
        json.writeStringProperty("sysctl", reason.sysctl());
        json.writeStringProperty("sentence", reason.sentence());
        json.writeArrayPropertyStart("claims");
        reason.claims().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeBooleanProperty("expected", reason.expected());
        json.writeEndObject();
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
