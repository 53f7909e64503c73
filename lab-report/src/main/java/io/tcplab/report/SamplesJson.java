package io.tcplab.report;

import static java.util.stream.Collectors.toMap;

import io.tcplab.compare.run.Sample;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.MeasuredRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What each trial of a comparison measured, for the lab that compares it with other kernels' trials. Figures are exact: nothing is
 * rounded before it is judged.
 */
public record SamplesJson(String schema, Json.Kernel kernel, boolean interrupted, List<Trial> trials)
        implements Json.Document {
    static final String SCHEMA = "lab/samples/1";

    /**
     * One trial of one setting; see {@link Sample} and {@link MeasuredRun}.
     *
     * @param verdict empty if it observed no expectation
     */
    public record Trial(
            int setting,
            int trial,
            List<String> failed,
            Map<String, Figure> measurements,
            Map<String, String> unmeasured,
            String verdict,
            Map<String, Map<String, String>> sysctls,
            List<String> changed,
            String problem,
            double seconds) {}

    /**
     * A figure.
     *
     * @param value as text, because JSON has no infinity: what never happened took {@code Infinity}
     */
    public record Figure(String value, String unit) {}

    /** Of what was measured here. */
    public static SamplesJson of(String kernel, boolean interrupted, List<Sample> samples) {
        return new SamplesJson(
                SCHEMA,
                new Json.Kernel(kernel),
                interrupted,
                samples.stream().map(SamplesJson::trial).toList());
    }

    /**
     * What another lab measured.
     *
     * @param settingsBefore how many settings come before that lab's own
     */
    public static List<Sample> samples(StoredReport document, int settingsBefore) {
        return document.objects("trials").stream()
                .map(each -> each.as(Trial.class))
                .map(trial -> sample(trial, settingsBefore))
                .toList();
    }

    /**
     * What has come as text from another machine.
     *
     * @param kernel its release there
     */
    public record Arrived(String kernel, List<Sample> samples) {
        /** Copies the list. */
        public Arrived {
            samples = List.copyOf(samples);
        }
    }

    /** Reads that; throws IOException if it is no such document. */
    public static Arrived read(String text) throws IOException {
        StoredReport document = StoredReport.parse(text);
        if (!document.schema().equals(SCHEMA)) {
            throw new IOException("not a document %s but %s".formatted(SCHEMA, document.schema()));
        }
        return new Arrived(document.object("kernel").text("release"), samples(document, 0));
    }

    private static Trial trial(Sample sample) {
        MeasuredRun run = sample.run();
        return new Trial(
                sample.setting(),
                sample.trial(),
                sample.failed(),
                mapped(run.measurements(), figure -> new Figure(Double.toString(figure.value()), figure.unit())),
                run.unmeasured(),
                run.verdict().map(Verdict::label).orElse(""),
                Json.sysctls(run.sysctls()),
                run.changed(),
                run.problem(),
                run.seconds());
    }

    private static Sample sample(Trial trial, int settingsBefore) {
        MeasuredRun run = new MeasuredRun(
                mapped(
                        trial.measurements(),
                        figure -> new Measurement(Double.parseDouble(figure.value()), figure.unit())),
                trial.unmeasured(),
                verdict(trial.verdict()),
                Stream.of(Role.values())
                        .collect(toMap(role -> role, role -> trial.sysctls().get(role.label()))),
                trial.changed(),
                trial.problem(),
                trial.seconds());
        return new Sample(settingsBefore + trial.setting(), trial.trial(), run, trial.failed());
    }

    private static Optional<Verdict> verdict(String label) {
        return label.isEmpty() ? Optional.empty() : Optional.of(Verdict.valueOf(label.toUpperCase(Locale.ROOT)));
    }

    private static <A, B> Map<String, B> mapped(Map<String, A> map, Function<A, B> change) {
        return map.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> change.apply(entry.getValue())));
    }
}
