package io.tcplab.kernel.sysctl;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A file of settings can't be used. Tells all that is wrong in it, not only what comes first. */
public final class SysctlFileException extends IllegalArgumentException {
    private final List<SysctlFile.Problem> problems;

    SysctlFileException(String source, List<SysctlFile.Problem> problems) {
        List<SysctlFile.Problem> sorted = problems.stream()
                .sorted(Comparator.comparingInt(SysctlFile.Problem::line).thenComparingInt(SysctlFile.Problem::column))
                .toList();
        super(sorted.stream().map(problem -> source + ":" + problem).collect(Collectors.joining("\n")));
        this.problems = sorted;
    }

    /** In the order of the file. */
    public List<SysctlFile.Problem> problems() {
        return problems;
    }
}
