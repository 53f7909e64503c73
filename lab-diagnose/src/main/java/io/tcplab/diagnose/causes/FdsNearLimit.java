package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.kernel.limits.FdLimit;
import java.util.List;
import java.util.Optional;

/** The process has nearly as many descriptors as it may have; then accept() and connect() fail with EMFILE. */
final class FdsNearLimit extends Cause {
    private static final double NEAR = 0.9;

    FdsNearLimit() {
        super("fds-near-limit", "file descriptors near RLIMIT_NOFILE");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        return evidence.programs().last().stream()
                .filter(process ->
                        evidence.membership().isOfTarget(process.stat().id()))
                .filter(process -> process.descriptors()
                        .filter(limit -> limit.used() >= limit.soft() * NEAR)
                        .isPresent())
                .map(this::finding)
                .toList();
    }

    private Finding finding(ProcessSample process) {
        FdLimit limit = process.descriptors().orElseThrow();
        return new Finding(
                id(),
                "process " + process.label() + " has " + limit.used() + " of " + limit.soft()
                        + " file descriptors open",
                Optional.empty(),
                0,
                0,
                Certainty.CERTAIN,
                "both numbers come from the kernel",
                List.of(),
                List.of("RLIMIT_NOFILE: soft " + limit.soft() + ", hard " + limit.hard()),
                "If connections pile up, fix that first. Otherwise raise the limit: ulimit -n,"
                        + " LimitNOFILE= in systemd, --ulimit of a container.",
                "");
    }
}
