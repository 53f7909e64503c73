package io.tcplab.cli;

import io.tcplab.compare.design.Crossing;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedSetting;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.report.CompareCsv;
import io.tcplab.report.CompareJson;
import io.tcplab.report.CompareMarkdown;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Says what a setting really does: runs an experiment under several settings, several times each, and"
                        + " tells for each of its measures how they differ from the first setting.",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:compared: there is an effect, or none",
            " 2:evidence is missing, or can't be had on this machine: nothing can be said",
            "64:what was asked for can't be done as asked",
            "130:interrupted (Ctrl-C); what had ended is reported"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  lab compare time-wait-storm --sysctl client:net.ipv4.tcp_tw_reuse=0,1,2",
            "  lab compare time-wait-duration --sysctl net.ipv4.tcp_fin_timeout=5,60",
            "  lab compare backlog-overflow --set backlog=16,128 --sysctl net.core.somaxconn=64,4096",
            "  lab compare time-wait-storm --profile linux-default.conf,article.conf --trials 7",
            "  lab compare time-wait-storm --transport epoll,io_uring,nio --set remedy=keep-alive",
            "",
            "Settings are combined each with each; the first of each makes the one that the others are compared with.",
            "A value that has commas of its own: put semicolons between the values."
        })
final class CompareCommand implements Callable<Integer> {
    private static final int SEEDS = 1_000_000;

    private final Screen screen;

    @Parameters(
            paramLabel = "NAME",
            description = "An experiment; `lab list` has them, `lab explain NAME` tells what it measures.",
            completionCandidates = Names.class)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(
            names = "--sysctl",
            paramLabel = "[HOST:]NAME=V1,V2",
            description = "Values of a sysctl, on the host `client` or `server`, or on both. Wins over profiles.")
    private List<String> sysctls = List.of();

    @Option(names = "--set", paramLabel = "KNOB=V1,V2", description = "Values of one of the experiment's knobs.")
    private List<String> knobs = List.of();

    @Option(
            names = "--profile",
            paramLabel = "[HOST:]A.conf,B.conf",
            split = ",",
            description = "Files in the syntax of sysctl.conf; what this kernel doesn't take is told and left out.")
    private List<String> profiles = List.of();

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Netty's transports: epoll, io_uring, nio (default: the experiment's own choice).")
    private List<String> transports = List.of();

    @Option(
            names = "--sandbox",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "namespaces",
            description = "What provides the cells (default: ${DEFAULT-VALUE}); several are compared.")
    private List<String> sandboxes = List.of("namespaces");

    @Option(
            names = "--pairs",
            description =
                    "Take the first value of each, then the second of each, and so on, instead of each with each.")
    private boolean pairs;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description =
                    "Run each setting so many times (default: as often as it takes to tell a difference from chance).")
    private @Nullable Integer trials;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order of the runs and of the intervals; the report tells the one that was used.")
    private @Nullable Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "lab-results",
            description = "Where the results folder is made (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("lab-results");

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--csv", paramLabel = "FILE", description = "Write each figure of each trial as CSV.")
    private @Nullable Path csv;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the report as Markdown.")
    private @Nullable Path markdown;

    CompareCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Screen own = json.isStandardOutput() ? screen.onlyErr() : screen;
        Plan plan = Plan.of(design(), Sandboxes::byName, sandboxes.getFirst());
        for (Sandbox sandbox :
                plan.settings().stream().map(PlannedSetting::sandbox).distinct().toList()) {
            if (SandboxOption.isMissing(sandbox, own)) {
                return ExitCode.INCONCLUSIVE;
            }
        }
        json.check();
        file("--csv", csv).ifPresent(OutputFile::check);
        file("--markdown", markdown).ifPresent(OutputFile::check);
        return new CompareSession(own).run(List.of(plan), out, "compare-" + name, report -> {
            json.write(to -> CompareJson.write(report, to));
            write(file("--csv", csv), to -> CompareCsv.write(report, to));
            write(file("--markdown", markdown), to -> CompareMarkdown.write(report, to));
        });
    }

    private Design design() {
        Design design = Design.of(
                Catalogue.byName(name),
                seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed);
        // First, so that --sysctl wins over files.
        if (!profiles.isEmpty()) {
            design = design.with(Factors.profiles(profiles));
        }
        for (String sysctl : sysctls) {
            design = design.with(Factors.sysctl(sysctl));
        }
        for (String knob : knobs) {
            design = design.with(Factors.knob(knob));
        }
        if (!transports.isEmpty()) {
            design = design.with(Factors.transports(transports));
        }
        if (sandboxes.size() > 1) {
            design = design.with(Factors.sandboxes(sandboxes));
        }
        if (pairs) {
            design = design.with(Crossing.PAIRS);
        }
        return trials == null ? design : design.withTrials(trials);
    }

    private static void write(Optional<OutputFile> file, OutputFile.Content content) throws Exception {
        if (file.isPresent()) {
            file.get().write(content);
        }
    }

    private static Optional<OutputFile> file(String option, @Nullable Path path) {
        return Optional.ofNullable(path).map(there -> new OutputFile(option, there));
    }
}
