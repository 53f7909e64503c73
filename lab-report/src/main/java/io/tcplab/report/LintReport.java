package io.tcplab.report;

import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.SysctlLint;
import java.util.List;

/**
 * What files of settings came to.
 *
 * @param kernelRelease of the kernel that they were judged for
 * @param defaultsMeasured whether the defaults were read from a new namespace; else they are the catalogue's
 */
public record LintReport(String kernelRelease, boolean defaultsMeasured, List<Judged> files) {
    /** Copies the list. */
    public LintReport {
        files = List.copyOf(files);
    }

    /** A file, named as the user did, and what was found in it. */
    public record Judged(String file, SysctlLint.Result result) {}

    /** Whether anything is an error or a warning. */
    public boolean isBad() {
        return files.stream()
                .anyMatch(file ->
                        file.result().count(Severity.ERROR) + file.result().count(Severity.WARNING) > 0);
    }
}
