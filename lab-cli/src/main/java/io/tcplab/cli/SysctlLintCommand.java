package io.tcplab.cli;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.SysctlDefaults;
import io.tcplab.kernel.sysctl.SysctlLint;
import io.tcplab.report.LintReport;
import io.tcplab.report.LintReport.Judged;
import io.tcplab.report.LintText;
import io.tcplab.report.SysctlJson;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab sysctl lint}. */
@Command(
        name = "lint",
        sortOptions = false,
        description = "Checks each line of a file in the syntax of sysctl.conf against this kernel: skipped, unknown,"
                + " gone, absent here, rejected, accepted but doubtful, overridden later in the file, without"
                + " effect, harmful, or the default already. Reads the file as `sysctl -p` does, and judges each value"
                + " as the kernel does. Changes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:nothing found, or notes only", " 1:an error or a warning", "64:a file can't be read"},
        footer = {
            "  lab sysctl lint /etc/sysctl.conf /etc/sysctl.d/*.conf",
            "  echo 'net.ipv4.tcp_tw_recycle = 1' | lab sysctl lint -",
            "  lab sysctl lint app.conf --json - | jq -r '.files[].findings[] | select(.severity == \"error\").message'"
        })
final class SysctlLintCommand extends ScreenCommand {
    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files, each checked separately; `-` is standard" + " input.")
    private List<String> files = List.of();

    @Mixin
    private final JsonOption json = new JsonOption();

    SysctlLintCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        List<String> texts =
                files.stream().map(file -> new SettingsSource(file).read()).toList();
        SysctlDefaults defaults = SysctlDefaults.read();
        SysctlCommand.tellWhereDefaultsAreFrom(defaults, screen);
        SysctlLint lint = SysctlLint.ofThisKernel(defaults);
        List<Judged> judged = IntStream.range(0, files.size())
                .mapToObj(i -> new Judged(files.get(i), lint.judge(texts.get(i))))
                .toList();
        LintReport report = new LintReport(KernelRelease.current().text(), defaults.isMeasured(), judged);
        json.write(
                () -> SysctlJson.Lint.of(report),
                screen,
                () -> screen.print(
                        (colours, width) -> LintText.table(report, colours, width), () -> LintText.lines(report)));
        LintText.summary(report).forEach(screen.err()::println);
        return report.isBad() ? ExitCode.REFUTED : ExitCode.CONFIRMED;
    }
}
