package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.ClaimRun;
import io.tcplab.experiments.claims.ClaimVerdict;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What there is to report of one invocation of {@code lab claims}.
 *
 * @param kernelRelease of the kernel that was asked, as {@code uname -r} has it
 * @param sandbox what provided the cells
 * @param interrupted whether it was stopped before all runs had ended
 * @param claims by number
 * @param runs that decided them, in the order in which they ended
 */
public record ClaimsReport(
        String kernelRelease, String sandbox, boolean interrupted, List<ClaimResult> claims, List<RunResult> runs) {
    /** Copies the lists. */
    public ClaimsReport {
        claims = List.copyOf(claims);
        runs = List.copyOf(runs);
    }

    /** Whether a claim ought to be decided and isn't. */
    public boolean isOpen() {
        return interrupted || claims.stream().anyMatch(ClaimResult::isOpen);
    }

    /** {@code 16 true, 12 false, 1 not-decidable}, naming only verdicts that occur. */
    String summary() {
        return Arrays.stream(ClaimVerdict.values())
                        .filter(verdict -> count(verdict) > 0)
                        .map(verdict -> count(verdict) + " " + verdict.label())
                        .collect(joining(", "))
                + (interrupted ? ", then interrupted" : "");
    }

    /** The experiments that a claim rests on, with their knobs where those aren't the defaults. */
    static List<String> experiments(ClaimResult result) {
        return result.claim().runs().stream().map(ClaimRun::command).toList();
    }

    /** What was set for the runs: timers that were shortened, and what makes the case. A line for each run and host. */
    List<String> settings() {
        List<String> lines = new ArrayList<>();
        for (RunResult run : runs) {
            for (Role role : Role.values()) {
                Map<String, String> sysctls = run.sysctls().getOrDefault(role, Map.of());
                if (!sysctls.isEmpty()) {
                    lines.add("%s, %s: %s".formatted(run.experiment(), role.label(), settings(sysctls)));
                }
            }
        }
        return lines.stream().distinct().sorted().toList();
    }

    private static String settings(Map<String, String> sysctls) {
        return sysctls.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(sysctl ->
                        sysctl.getKey() + " = " + sysctl.getValue().replace('\t', ' ') + usually(sysctl.getKey()))
                .collect(joining(", "));
    }

    private static String usually(String sysctl) {
        return SysctlCatalogue.find(sysctl)
                .map(knob -> switch (knob.defaultValue()) {
                    case Default.Constant constant -> " (default " + constant.value() + ")";
                    case Default.Varies varies -> "";
                })
                .orElse("");
    }

    private long count(ClaimVerdict verdict) {
        return claims.stream().filter(claim -> claim.verdict() == verdict).count();
    }

    /** The runs that decided them; their order has no seed. */
    public RunReport asRuns() {
        return new RunReport(kernelRelease, sandbox, 0, false, interrupted, runs);
    }
}
