package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.KnobState;
import io.tcplab.kernel.sysctl.KnobSurvey;
import io.tcplab.kernel.sysctl.SysctlDefaults;
import io.tcplab.report.SysctlJson;
import io.tcplab.report.SysctlReport;
import io.tcplab.report.SysctlReport.Entry;
import io.tcplab.report.SysctlText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab sysctl}. */
@Command(
        name = "sysctl",
        sortOptions = false,
        description =
                "Lists this kernel's TCP sysctls: current value, default (read from a new namespace), valid values,"
                        + " meaning, and the experiments that show the effect. Changes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:listed", "64:this kernel has no such sysctl"},
        footer = {
            "  lab sysctl tcp_tw_reuse       one sysctl",
            "  lab sysctl 'tcp_keepalive_*'  all that match; `lab sysctl keepalive`: all that contain it",
            "  lab sysctl --changed          all that differ from the default on this host",
            "  lab sysctl lint /etc/sysctl.conf",
            "  lab sysctl diff /etc/sysctl.conf        does the host run with what its file says?",
            "  lab sysctl --json - | jq -r '.sysctls[] | select(.changed) | .name'"
        })
final class SysctlCommand extends ScreenCommand {
    @Parameters(
            paramLabel = "NAME|PATTERN",
            arity = "0..1",
            description = "A sysctl, with or without its prefix (net.ipv4.); a pattern; or a part of a name"
                    + " (default: all).")
    private @Nullable String wanted;

    @Option(names = "--changed", description = "Only those with a value other than the default.")
    private boolean changed;

    @Mixin
    private final JsonOption json = new JsonOption();

    private SysctlCommand(Screen screen) {
        super(screen);
    }

    /** With its own commands. */
    static CommandLine commandLine(Screen screen) {
        return new CommandLine(new SysctlCommand(screen))
                .addSubcommand(new SysctlDiffCommand(screen))
                .addSubcommand(new SysctlLintCommand(screen));
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        SysctlDefaults defaults = SysctlDefaults.read();
        List<Entry> entries = wanted(KnobSurvey.of(defaults)).stream()
                .filter(state -> !changed || state.isChanged())
                .map(state -> new Entry(state, experiments(state.knob().name())))
                .toList();
        SysctlReport report = new SysctlReport(KernelRelease.current().text(), defaults.isMeasured(), entries);
        tellWhereDefaultsAreFrom(defaults, screen);
        json.write(
                () -> SysctlJson.of(report),
                screen,
                () -> screen.print(
                        (colours, width) -> SysctlText.table(report, colours, width), () -> SysctlText.lines(report)));
        return ExitCode.CONFIRMED;
    }

    /** Where no namespace could be made, the defaults aren't this kernel's word. */
    static void tellWhereDefaultsAreFrom(SysctlDefaults defaults, Screen screen) {
        if (!defaults.isMeasured()) {
            screen.err()
                    .println("lab: defaults come from the lab's catalogue, not from a new namespace: "
                            + defaults.obstacle() + ". `lab doctor` shows what is missing.");
        }
    }

    private List<KnobState> wanted(List<KnobState> all) {
        if (wanted == null) {
            return all;
        }
        List<KnobState> found = KnobSurvey.find(wanted, all);
        if (found.isEmpty()) {
            String why = KnobSurvey.absence(wanted, all);
            throw new UsageException(why.endsWith("?") ? why : why + "; `lab sysctl` lists those of this kernel");
        }
        return found;
    }

    private static List<String> experiments(String sysctl) {
        return Catalogue.all().stream()
                .map(Experiment::story)
                .filter(story -> story.sysctls().contains(sysctl))
                .map(story -> story.name())
                .toList();
    }
}
