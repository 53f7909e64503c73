package io.tcplab.report;

import java.io.IOException;
import java.io.StringWriter;
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
        StringWriter json = new StringWriter();
        Json.write(DiagnosisJson.of(DiagnosisSamples.diagnosis()), json);
        Golden.assertSame("diagnose.json", json.toString());
        StringWriter blind = new StringWriter();
        Json.write(DiagnosisJson.of(DiagnosisSamples.blind()), blind);
        Golden.assertSame("diagnose-blind.json", blind.toString());
        StringWriter check = new StringWriter();
        Json.write(DiagnosisJson.Checked.of(DiagnosisSamples.check()), check);
        Golden.assertSame("check.json", check.toString());
    }

    @Test
    void ofSysctls() throws IOException {
        StringWriter knobs = new StringWriter();
        Json.write(SysctlJson.of(SysctlSamples.knobs()), knobs);
        Golden.assertSame("sysctl.json", knobs.toString());
        StringWriter lint = new StringWriter();
        Json.write(SysctlJson.Lint.of(SysctlSamples.lint()), lint);
        Golden.assertSame("sysctl-lint.json", lint.toString());
        StringWriter diff = new StringWriter();
        Json.write(SysctlJson.Diff.of(SysctlSamples.diff(), "6.18.44", "a.conf", "b.conf"), diff);
        Golden.assertSame("sysctl-diff.json", diff.toString());
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
