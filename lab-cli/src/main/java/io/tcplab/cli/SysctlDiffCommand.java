package io.tcplab.cli;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.SysctlDefaults;
import io.tcplab.kernel.sysctl.SysctlDiff;
import io.tcplab.report.SysctlDiffText;
import io.tcplab.report.SysctlJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab sysctl diff}. */
@Command(
        name = "diff",
        sortOptions = false,
        description = "Shows how the effect of two sysctl files differs, regardless of order and spelling; or how"
                + " a file differs from this host's values. A sysctl that a file doesn't set counts as the kernel's"
                + " default. Changes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:both have the same effect", " 1:they differ", "64:a file can't be read"},
        footer = {
            "  lab sysctl diff old.conf new.conf",
            "  lab sysctl diff /etc/sysctl.conf    does the host run with what its file says?"
        })
final class SysctlDiffCommand extends ScreenCommand {
    private static final String HERE = "here";

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A file in the syntax of sysctl.conf; `-` is standard input.")
    private String first = "";

    @Parameters(
            index = "1",
            paramLabel = "B",
            arity = "0..1",
            description = "Another file (default: this host's" + " values).")
    private @Nullable String second;

    @Mixin
    private final JsonOption json = new JsonOption();

    SysctlDiffCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        SysctlDiff diff = diff();
        String other = second == null ? HERE : second;
        SysctlDiffText text = new SysctlDiffText(diff, first, other);
        text.problems().forEach(problem -> screen.err().println("lab: " + problem));
        json.write(
                () -> SysctlJson.Diff.of(diff, KernelRelease.current().text(), first, other),
                screen,
                () -> screen.print(text::table, text::lines));
        screen.err().println(text.summary());
        return diff.differences().isEmpty() ? ExitCode.CONFIRMED : ExitCode.REFUTED;
    }

    private SysctlDiff diff() throws InterruptedException {
        String text = new SettingsSource(first).read();
        if (second == null) {
            return SysctlDiff.withHere(text);
        }
        String other = new SettingsSource(second).read();
        SysctlDefaults defaults = SysctlDefaults.read();
        SysctlCommand.tellWhereDefaultsAreFrom(defaults, screen);
        return SysctlDiff.ofFiles(text, other, defaults);
    }
}
