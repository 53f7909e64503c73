package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What {@code lab compare} came to, as JSON. */
public record CompareJson(
        String schema,
        Json.Kernel kernel,
        boolean interrupted,
        List<Comparison> comparisons,
        List<Threshold> thresholds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredReport> kernels)
        implements Json.Document {

    /** One experiment under several settings. */
    public record Comparison(
            String experiment,
            String bound,
            int jobs,
            long seed,
            int trials,
            boolean interrupted,
            BigDecimal seconds,
            List<Setting> settings,
            List<Measured> measures,
            List<Sysctl> sysctls,
            List<Reason> reasons,
            List<String> notes,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Node> nodes) {}

    /** A machine of a cluster, and how its share of the trials went. */
    public record Node(String name, String kernel, int trials, int ended, String problem) {}

    /** What became of a threshold. */
    public record Threshold(String threshold, String experiment, String outcome, String reason) {}

    /** One setting and how its runs went. */
    public record Setting(
            int number,
            String label,
            String sandbox,
            Map<String, Object> knobs,
            Map<String, Map<String, String>> sysctls,
            Map<String, Long> verdicts,
            int kept,
            int repeated,
            List<String> dropped) {}

    /** A measure under each setting, and against the first. */
    public record Measured(
            String name,
            String unit,
            String better,
            String meaning,
            BigDecimal resolution,
            List<Spread> settings,
            List<Against> findings) {}

    /** A measure's figures under one setting; empty where there is none, or no end of it. */
    public record Spread(
            int setting,
            List<Optional<BigDecimal>> samples,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> nodes,
            Optional<BigDecimal> median,
            Optional<BigDecimal> low,
            Optional<BigDecimal> high,
            boolean constant) {}

    /** A setting against the first. */
    public record Against(
            int setting,
            String effect,
            String sense,
            boolean exact,
            Optional<BigDecimal> p,
            Optional<BigDecimal> delta,
            Optional<BigDecimal> difference,
            Optional<BigDecimal> low,
            Optional<BigDecimal> high,
            String words) {}

    /** A sysctl that wasn't the same under all settings, as read back. */
    public record Sysctl(String host, String name, List<String> values) {}

    /** Of a report. */
    public static CompareJson of(CompareReport report) {
        return new CompareJson(
                "lab/compare/1",
                new Json.Kernel(report.kernelRelease()),
                report.interrupted(),
                report.comparisons().stream().map(CompareJson::comparison).toList(),
                report.thresholds().stream().map(CompareJson::threshold).toList(),
                report.kernels().stream().map(KernelRun::summary).toList());
    }

    private static Threshold threshold(ThresholdResult result) {
        return new Threshold(
                result.threshold().text(), result.experiment(), result.outcome().label(), result.reason());
    }

    private static Comparison comparison(ComparisonResult result) {
        return new Comparison(
                result.experiment(),
                result.bound().label(),
                result.jobs(),
                result.seed(),
                result.trials(),
                result.interrupted(),
                Figures.rounded(result.seconds()),
                result.settings().stream().map(CompareJson::setting).toList(),
                result.measures().stream()
                        .map(measure -> measured(measure, result.samples()))
                        .toList(),
                result.sysctls().stream().map(CompareJson::sysctl).toList(),
                result.reasons(),
                result.notes(),
                result.nodes().stream()
                        .map(node -> new Node(node.name(), node.kernel(), node.planned(), node.ended(), node.problem()))
                        .toList());
    }

    private static Setting setting(SettingResult setting) {
        Map<String, Long> verdicts = new LinkedHashMap<>();
        setting.verdicts().forEach((verdict, count) -> verdicts.put(verdict.label(), count));
        return new Setting(
                setting.number(),
                setting.label(),
                setting.sandbox(),
                Json.knobs(setting.knobs()),
                Json.sysctls(setting.sysctls()),
                verdicts,
                setting.kept(),
                setting.repeated(),
                setting.dropped());
    }

    private static Measured measured(MeasureResult result, List<Sample> samples) {
        Measure measure = result.measure();
        return new Measured(
                measure.name(),
                measure.unit(),
                measure.better().label(),
                measure.meaning(),
                Figures.rounded(measure.resolution()),
                IntStream.range(0, result.summaries().size())
                        .mapToObj(i -> spread(measure, i + 1, result.summaries().get(i), samples))
                        .toList(),
                result.findings().stream().map(CompareJson::against).toList());
    }

    private static Spread spread(Measure measure, int setting, Optional<Summary> summary, List<Sample> samples) {
        List<Sample> own = samples.stream()
                .filter(sample ->
                        sample.setting() == setting && sample.value(measure).isPresent())
                .sorted(Comparator.comparingInt(Sample::trial))
                .toList();
        return new Spread(
                setting,
                own.stream()
                        .map(sample -> Json.significant(sample.value(measure).orElseThrow()))
                        .toList(),
                own.stream().flatMap(sample -> sample.node().stream()).toList(),
                summary.map(Summary::median).flatMap(Json::significant),
                summary.map(each -> each.interval().low()).flatMap(Json::significant),
                summary.map(each -> each.interval().high()).flatMap(Json::significant),
                summary.map(Summary::constant).orElse(false));
    }

    private static Against against(Finding finding) {
        Optional<Contrast> contrast = finding.contrast();
        return new Against(
                finding.setting(),
                finding.effect().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                finding.sense().label(),
                finding.exact(),
                finding.p().isPresent() ? Json.significant(finding.p().getAsDouble()) : Optional.empty(),
                contrast.map(Contrast::delta).flatMap(Json::significant),
                contrast.map(Contrast::difference).flatMap(Json::significant),
                contrast.map(each -> each.interval().low()).flatMap(Json::significant),
                contrast.map(each -> each.interval().high()).flatMap(Json::significant),
                finding.words());
    }

    private static Sysctl sysctl(SysctlDifference difference) {
        return new Sysctl(difference.host().label(), difference.name(), difference.values());
    }
}
