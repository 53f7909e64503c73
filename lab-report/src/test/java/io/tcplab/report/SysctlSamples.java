package io.tcplab.report;

import io.tcplab.kernel.sysctl.KnobState;
import io.tcplab.kernel.sysctl.LintFinding;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlDiff;
import io.tcplab.kernel.sysctl.SysctlDiff.Difference;
import io.tcplab.kernel.sysctl.SysctlDiff.Misunderstood;
import io.tcplab.kernel.sysctl.SysctlDiff.Origin;
import io.tcplab.kernel.sysctl.SysctlDiff.Overridden;
import io.tcplab.kernel.sysctl.SysctlDiff.Side;
import io.tcplab.kernel.sysctl.SysctlDiff.Which;
import io.tcplab.kernel.sysctl.SysctlFile.Problem;
import io.tcplab.kernel.sysctl.SysctlLint;
import io.tcplab.report.LintReport.Judged;
import io.tcplab.report.SysctlReport.Entry;
import java.util.List;
import java.util.Optional;

final class SysctlSamples {
    private SysctlSamples() {}

    static SysctlReport knobs() {
        return new SysctlReport(
                "6.18.44",
                true,
                List.of(
                        entry("net.ipv4.tcp_fin_timeout", Optional.of("17"), Optional.of("60"), "fin-wait2-timeout"),
                        entry("net.ipv4.tcp_mem", Optional.of("1 2 3"), Optional.empty()),
                        entry("net.ipv4.tcp_fastopen_key", Optional.empty(), Optional.empty()),
                        entry("net.ipv4.tcp_tw_reuse_delay", Optional.of("1000"), Optional.of("1000"))));
    }

    static LintReport lint() {
        List<LintFinding> findings = List.of(
                finding(3, Severity.ERROR, Topic.GONE, "is gone since Linux 4.12", List.of(25, 29), "tw-recycle"),
                finding(4, Severity.NOTE, Topic.MISREAD, "Doesn't shorten @|red TIME_WAIT|@.", List.of(26)),
                new LintFinding(5, 1, Severity.ERROR, Topic.SYNTAX, "", "\"x\" has no \"=\"", List.of(), List.of()));
        return new LintReport(
                "6.18.44",
                true,
                List.of(
                        new Judged("article.conf", new SysctlLint.Result(findings, 4, 1)),
                        new Judged("-", new SysctlLint.Result(List.of(), 1, 0))));
    }

    static SysctlDiff diff() {
        return new SysctlDiff(
                List.of(
                        new Difference(
                                "net.ipv4.tcp_fin_timeout",
                                new Side(Origin.FILE, "30", 4, ""),
                                new Side(Origin.DEFAULT, "60", 0, ""),
                                "How long FIN_WAIT_2 lasts."),
                        new Difference(
                                "net.ipv4.tcp_tw_recycle",
                                new Side(Origin.FILE, "1", 3, "is gone since Linux 4.12"),
                                new Side(Origin.UNKNOWN, "", 0, ""),
                                "")),
                List.of(new Overridden(Which.SECOND, "net.ipv4.tcp_sack", "0", 1, "1", 2)),
                List.of(new Misunderstood(Which.FIRST, new Problem(7, 1, "\"x\" has no \"=\"", false))),
                3);
    }

    private static Entry entry(
            String name, Optional<String> value, Optional<String> defaultValue, String... experiments) {
        return new Entry(
                new KnobState(SysctlCatalogue.find(name).orElseThrow(), value, defaultValue), List.of(experiments));
    }

    private static LintFinding finding(
            int line, Severity severity, Topic topic, String message, List<Integer> claims, String... experiments) {
        return new LintFinding(line, 1, severity, topic, "net.ipv4.tcp_x", message, claims, List.of(experiments));
    }
}
