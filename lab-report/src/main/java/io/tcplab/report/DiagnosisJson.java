package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.diagnose.Check;
import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Rival;
import io.tcplab.kernel.sockets.TcpState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What {@code lab diagnose} came to, as JSON; within what {@code lab check} came to it has no schema of its own. */
public record DiagnosisJson(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String schema,
        Target target,
        String verdict,
        double seconds,
        int samples,
        Map<String, Integer> states,
        int mptcpSockets,
        List<Found> findings,
        List<String> observations,
        List<String> checked,
        List<String> limits,
        boolean conclusive,
        double lookSeconds,
        double firstLookSeconds)
        implements Json.Document {

    /** What was looked at. */
    public record Target(String label) {}

    /** Something that is wrong, with its cause. */
    public record Found(
            String cause,
            String title,
            String state,
            int sockets,
            int change,
            String certainty,
            String because,
            List<Rival> rivals,
            List<String> evidence,
            String advice,
            String experiment,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String why) {}

    /** Of a diagnosis. */
    public static DiagnosisJson of(Diagnosis diagnosis) {
        return of("lab/diagnose/1", diagnosis);
    }

    private static DiagnosisJson of(String schema, Diagnosis diagnosis) {
        return new DiagnosisJson(
                schema,
                new Target(diagnosis.target()),
                verdict(diagnosis),
                diagnosis.window().toMillis() / 1e3,
                diagnosis.samples(),
                states(diagnosis),
                diagnosis.mptcp(),
                diagnosis.findings().stream().map(DiagnosisJson::found).toList(),
                diagnosis.observations(),
                diagnosis.checked(),
                diagnosis.limits(),
                diagnosis.conclusive(),
                diagnosis.cost().toMillis() / 1e3,
                diagnosis.firstCost().toMillis() / 1e3);
    }

    private static String verdict(Diagnosis diagnosis) {
        if (diagnosis.hasFindings()) {
            return "findings";
        }
        return diagnosis.conclusive() ? "nothing-wrong" : "inconclusive";
    }

    /** In the kernel's order. */
    private static Map<String, Integer> states(Diagnosis diagnosis) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TcpState state : TcpState.values()) {
            if (diagnosis.states().containsKey(state)) {
                counts.put(state.label(), diagnosis.count(state));
            }
        }
        return counts;
    }

    private static Found found(Finding finding) {
        return new Found(
                finding.cause(),
                finding.title(),
                finding.state().map(TcpState::label).orElse(""),
                finding.sockets(),
                finding.change(),
                finding.certainty().label(),
                finding.because(),
                finding.rivals(),
                finding.evidence(),
                finding.advice(),
                finding.experiment(),
                finding.why());
    }

    /** What {@code lab check} came to. */
    public record Checked(String schema, String verdict, List<Measure> thresholds, DiagnosisJson diagnosis)
            implements Json.Document {
        /** A threshold and what was seen; {@code last} is empty where it couldn't be seen. */
        public record Measure(String name, long most, OptionalLong last, long peak, String verdict) {}

        /** Of a check. */
        public static Checked of(Check check) {
            return new Checked(
                    "lab/check/1",
                    label(check.verdict()),
                    check.measures().stream().map(Checked::measure).toList(),
                    DiagnosisJson.of("", check.diagnosis()));
        }

        private static Measure measure(Check.Measure measure) {
            return new Measure(
                    measure.threshold().name(),
                    measure.threshold().most(),
                    measure.last(),
                    measure.peak(),
                    label(measure.verdict()));
        }

        private static String label(Check.Verdict verdict) {
            return verdict.name().toLowerCase(Locale.ROOT);
        }
    }
}
