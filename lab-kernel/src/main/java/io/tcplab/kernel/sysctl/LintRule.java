package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import java.util.List;
import java.util.Optional;

/**
 * What is to be said of a sysctl that is set so.
 *
 * @param name the sysctl
 * @param when under which condition
 * @param since the first release of the kernel for which it is true; empty for all
 * @param message a sentence or two
 * @param claims numbers of claims which bear on it
 * @param experiments names of those which show it
 */
public record LintRule(
        String name,
        LintCondition when,
        Severity severity,
        Topic topic,
        List<Integer> claims,
        List<String> experiments,
        Optional<KernelRelease> since,
        String message) {
    public LintRule {
        claims = List.copyOf(claims);
        experiments = List.copyOf(experiments);
    }

    boolean isFor(KernelRelease kernel) {
        return since.map(kernel::isAtLeast).orElse(true);
    }
}
