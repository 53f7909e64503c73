package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Cause;
import io.tcplab.diagnose.causes.Causes;
import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * What was found out about a target.
 *
 * @param target what was looked at: "process 4711 (nginx)"
 * @param window from the first sample to the last
 * @param samples how many there were
 * @param states how many sockets of the target were in each state at the end
 * @param mptcp how many of them are MPTCP sockets
 * @param findings what is wrong; empty if nothing is
 * @param observations what is worth knowing and not wrong
 * @param checked what was looked for
 * @param limits what couldn't be seen, and what that leaves open
 * @param conclusive false if so much couldn't be seen that no finding doesn't mean that nothing is wrong
 * @param cost how long a look took: the median of those after the first
 * @param firstCost how long the first took, in which the JVM also warms up
 */
public record Diagnosis(
        String target,
        Duration window,
        int samples,
        Map<TcpState, Integer> states,
        int mptcp,
        List<Finding> findings,
        List<String> observations,
        List<String> checked,
        List<String> limits,
        boolean conclusive,
        Duration cost,
        Duration firstCost) {
    public Diagnosis {
        states = Map.copyOf(states);
        findings = List.copyOf(findings);
        observations = List.copyOf(observations);
        checked = List.copyOf(checked);
        limits = List.copyOf(limits);
    }

    /** Judges what was seen. Pure: the same look, the same diagnosis. */
    public static Diagnosis of(Look look) {
        return of(look, Evidence.of(look.scope(), look.samples()));
    }

    static Diagnosis of(Look look, Evidence evidence) {
        Limits limits = Limits.of(evidence, look);
        return new Diagnosis(
                look.target(),
                evidence.window(),
                look.costs().size(),
                evidence.counts(),
                evidence.totals().mptcp(),
                Causes.all().stream()
                        .flatMap(cause -> cause.find(evidence).stream())
                        .toList(),
                Causes.all().stream()
                        .flatMap(cause -> cause.observe(evidence).stream())
                        .toList(),
                Causes.all().stream().map(Cause::lookedFor).toList(),
                limits.words(),
                limits.conclusive(),
                cost(look.costs()),
                millis(look.costs().getFirst()));
    }

    /** Whether something is wrong. */
    public boolean hasFindings() {
        return !findings.isEmpty();
    }

    /** All of it in plain words. */
    public String text() {
        return DiagnosisText.of(this);
    }

    /** How many sockets of the target were in this state at the end. */
    public int count(TcpState state) {
        return states.getOrDefault(state, 0);
    }

    private static Duration cost(List<Duration> costs) {
        List<Duration> sorted =
                costs.stream().skip(costs.size() > 1 ? 1 : 0).sorted().toList();
        return millis(sorted.get(sorted.size() / 2));
    }

    private static Duration millis(Duration time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
