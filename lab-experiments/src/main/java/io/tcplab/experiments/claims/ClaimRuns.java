package io.tcplab.experiments.claims;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The runs that decide claims. */
public final class ClaimRuns {
    /** It decides the order of several runs; each is prepared alone here. */
    private static final long ANY_SEED = 0;

    private ClaimRuns() {}

    /**
     * Prepares what these claims need, each run once, however many of them rest on it.
     *
     * @param sysctls by host, name to value: what the claims are to be decided under
     * @throws io.tcplab.experiments.UsageException if a sysctl can't be set as asked, or too few descriptors are left
     */
    public static List<PreparedRun> prepare(
            List<Claim> claims, Sandbox sandbox, Map<Role, Map<String, String>> sysctls) {
        Set<ClaimRun> runs = new LinkedHashSet<>();
        claims.forEach(claim -> runs.addAll(claim.runs()));
        return runs.stream()
                .flatMap(run -> Preflight.prepare(
                        new RunRequest(List.of(run.experiment()), run.settings(), sysctls, sandbox, 1, false, ANY_SEED))
                        .stream())
                .toList();
    }
}
