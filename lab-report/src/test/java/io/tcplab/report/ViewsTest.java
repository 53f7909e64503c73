package io.tcplab.report;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** What each command's results look like in each form that has no golden file elsewhere; a terminal's with its colours. */
class ViewsTest {
    private static final ColorScheme COLOURS = Help.defaultColorScheme(Ansi.ON);
    private static final int WIDTH = 100;

    @Test
    void ofDiagnoses() throws IOException {
        Golden.assertSame("diagnose.json", Written.json(DiagnosisJson.of(DiagnosisSamples.diagnosis())));
        Golden.assertSame("diagnose-blind.json", Written.json(DiagnosisJson.of(DiagnosisSamples.blind())));
        Golden.assertSame("check.json", Written.json(DiagnosisJson.Checked.of(DiagnosisSamples.check())));
    }

    @Test
    void ofSysctls() throws IOException {
        Golden.assertSame("sysctl.json", Written.json(SysctlJson.of(SysctlSamples.knobs())));
        Golden.assertSame("sysctl-lint.json", Written.json(SysctlJson.Lint.of(SysctlSamples.lint())));
        Golden.assertSame(
                "sysctl-diff.json",
                Written.json(SysctlJson.Diff.of(SysctlSamples.diff(), "6.18.44", "a.conf", "b.conf")));
    }

    @Test
    void atATerminal() throws IOException {
        TerminalReport run = new TerminalReport(COLOURS, WIDTH);
        Golden.assertSame(
                "run.ansi",
                run.render(Samples.confirmed())
                        + run.render(Samples.refuted())
                        + run.render(Samples.inconclusive())
                        + run.render(Samples.notStarted())
                        + run.summary(Samples.report()));
        Golden.assertSame("claims.ansi", ClaimsText.table(ClaimsSamples.report(), COLOURS, WIDTH));
        Golden.assertSame("compare.ansi", CompareText.table(CompareSamples.comparison(), COLOURS, WIDTH));
        Golden.assertSame("sysctl.ansi", SysctlText.table(SysctlSamples.knobs(), COLOURS, WIDTH));
        Golden.assertSame("sysctl-lint.ansi", LintText.table(SysctlSamples.lint(), COLOURS, WIDTH));
        Golden.assertSame(
                "sysctl-diff.ansi", new SysctlDiffText(SysctlSamples.diff(), "a.conf", "b.conf").table(COLOURS, WIDTH));
    }
}
