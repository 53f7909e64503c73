package io.tcplab.cli;

import io.tcplab.compare.design.Crossing;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedSetting;
import io.tcplab.compare.study.Study;
import io.tcplab.compare.study.StudySchema;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.report.CompareCsv;
import io.tcplab.report.CompareJson;
import io.tcplab.report.CompareReport;
import io.tcplab.report.Html;
import io.tcplab.report.Markdown;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab compare}. */
@Command(
        name = "compare",
        sortOptions = false,
        description = "Shows what a setting really does: runs an experiment under several settings, several times each,"
                + " and reports"
                + " for each measure how they differ from the first setting.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:compared, with or without an effect; no threshold broken",
            " 1:a threshold (--fail-if) is broken",
            " 2:inconclusive: evidence is missing or not available on this machine; partial: trials of a machine are missing",
            "64:invalid request: a name, value or file is wrong",
            "130:interrupted (Ctrl-C); reports what had finished"
        },
        footer = {
            "  lab compare time-wait-storm --sysctl client:net.ipv4.tcp_tw_reuse=0,1,2",
            "  lab compare time-wait-duration --sysctl net.ipv4.tcp_fin_timeout=5,60",
            "  lab compare backlog-overflow --set backlog=16,128 --sysctl net.core.somaxconn=64,4096",
            "  lab compare time-wait-storm --profile linux-default.conf,article.conf --trials 7",
            "  lab compare time-wait-storm --transport epoll,io_uring,nio --set remedy=keep-alive",
            "  lab compare port-exhaustion --sysctl client:net.ipv4.tcp_tw_reuse=0,1 --fail-if \"client.again < 64 in tcp_tw_reuse=1\"",
            "  lab compare port-exhaustion --kernel host,6.1      the same load on your production's kernel",
            "  lab compare --study docs/studies/tw-reuse.yaml     a comparison kept in a file",
            "  lab compare time-wait-storm --sysctl client:net.ipv4.tcp_tw_reuse=0,1 --on swarm --nodes 3",
            "",
            "All combinations of the values are settings. The first combination is the baseline that the others are"
                    + " compared with.",
            "If a value contains commas, separate the values with semicolons."
        })
final class CompareCommand extends ScreenCommand {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "An experiment (see `lab list`), unless a study names one; `lab explain NAME` shows what it"
                    + " measures.",
            completionCandidates = Names.class)
    private @Nullable String name;

    @Mixin
    private final StudyOptions study = new StudyOptions();

    @Option(
            names = "--sysctl",
            paramLabel = "[HOST:]NAME=V1,V2",
            description = "Values of a sysctl, on the host `client` or `server`, or on both. Overrides profiles.")
    private List<String> sysctls = List.of();

    @Option(names = "--set", paramLabel = "KNOB=V1,V2", description = "Values of one of the experiment's knobs.")
    private List<String> knobs = List.of();

    @Option(
            names = "--profile",
            paramLabel = "[HOST:]A.conf,B.conf",
            split = ",",
            description =
                    "Files in the syntax of sysctl.conf; lines that this kernel rejects are reported and" + " skipped.")
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
            description = "What provides the cells (default: ${DEFAULT-VALUE}); several sandboxes are compared.")
    private List<String> sandboxes = List.of("namespaces");

    @Option(
            names = "--pairs",
            description = "Pair the first values of all options, then the second values, and so on, instead of all"
                    + " combinations.")
    private boolean pairs;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description =
                    "Run each setting N times (default: as often as needed to distinguish a difference from chance).")
    private @Nullable Integer trials;

    @Option(
            names = "--samples",
            hidden = true,
            description = "Write what each trial measured, for a lab that compares kernels.")
    private boolean samples;

    @Mixin
    private final NodesOptions nodes = new NodesOptions();

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final JobsOption jobs = new JobsOption();

    @Mixin
    private final OutOption out = new OutOption();

    @Mixin
    private final ReportOptions reports = new ReportOptions();

    @Option(names = "--csv", paramLabel = "FILE", description = "Write each figure of each trial as CSV.")
    private @Nullable Path csv;

    @Mixin
    private final MarkdownOption markdown = new MarkdownOption();

    CompareCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Screen own = reports.forText(screen);
        if (study.wantsSchema()) {
            screen.out().print(StudySchema.of(Catalogue.names()));
            screen.out().flush();
            return ExitCode.CONFIRMED;
        }
        Optional<Study> kept = study.read(named());
        List<KernelOption.Lane> lanes = kernels.lanes();
        Optional<String> on = nodes.kind(kernels, sandboxes);
        if (kernels.isGiven()) {
            requireOneExperiment(kept);
        }
        List<Design> designs = kept.map(this::designs).orElseGet(() -> List.of(design(lanes)));
        if (!samples) {
            designs.forEach(Design::requireSeveral);
        }
        List<Threshold> thresholds = study.thresholds(kept, designs);
        List<Plan> plans = designs.stream().map(this::plan).toList();
        if (on.isPresent()) {
            return compareOn(on.get(), plans, thresholds, own);
        }
        if (!lanes.isEmpty() ? KernelOption.isMissing(lanes, own) : isASandboxMissing(plans, own)) {
            return ExitCode.INCONCLUSIVE;
        }
        outputs().check();
        csvFile().check();
        if (samples) {
            return new CompareSession(own, thresholds).measure(plans.getFirst(), reports.json());
        }
        if (!lanes.isEmpty()) {
            return new CompareOnKernels(own, kernels, lanes)
                    .run(plans.getFirst(), thresholds, out.folder(), this::write);
        }
        String folder = "compare-"
                + (designs.size() == 1 ? designs.getFirst().experiment().story().name() : "study");
        return new CompareSession(own, thresholds).run(plans, out.folder(), folder, this::write);
    }

    private int compareOn(String kind, List<Plan> plans, List<Threshold> thresholds, Screen own) throws Exception {
        CompareOnCluster comparison = new CompareOnCluster(
                own, nodes, nodes.cluster().cluster(kind), jobs.wanted().orElse(0));
        List<Plan> spread = plans.stream().map(plan -> plan.on(nodes.count())).toList();
        if (comparison.isMissing(spread)) {
            return ExitCode.INCONCLUSIVE;
        }
        outputs().check();
        csvFile().check();
        return comparison.run(spread, thresholds, out.folder(), this::write);
    }

    private void write(CompareReport report) throws Exception {
        outputs().write(() -> CompareJson.of(report), to -> Html.write(report, to), to -> Markdown.write(report, to));
        csvFile().write(to -> CompareCsv.write(report, to));
    }

    private Plan plan(Design design) {
        Plan plan = Plan.of(design, Sandboxes::byName, sandboxes.getFirst());
        OptionalInt most = jobs.wanted();
        return most.isPresent() ? plan.withJobs(most.getAsInt()) : plan;
    }

    private static boolean isASandboxMissing(List<Plan> plans, Screen screen) {
        return plans.stream()
                .flatMap(plan -> plan.settings().stream())
                .map(PlannedSetting::sandbox)
                .distinct()
                .anyMatch(sandbox -> SandboxOption.isMissing(sandbox, screen));
    }

    private void requireOneExperiment(Optional<Study> kept) {
        if (kept.isPresent() || pairs) {
            throw new UsageException("--kernel runs all settings on each kernel: leave out --study and --pairs");
        }
        sandboxes.forEach(sandbox -> KernelOption.requireOwnCells(Sandboxes.byName(sandbox)));
    }

    private List<Experiment> named() {
        return name == null ? List.of() : List.of(Catalogue.byName(name));
    }

    /** A study's own; of the command line only what doesn't change the settings. */
    private List<Design> designs(Study kept) {
        boolean more = Stream.of(sysctls, knobs, profiles, transports).anyMatch(option -> !option.isEmpty());
        if (more || pairs || sandboxes.size() > 1) {
            throw new UsageException(
                    "the study defines the settings: move --sysctl, --set, --profile, --transport, --pairs and"
                            + " several --sandbox"
                            + " into its file, or leave out --study");
        }
        return kept.designs(seed.orRandom()).stream()
                .map(design -> seed.wanted().isEmpty() ? design : design.withSeed(seed.orRandom()))
                .map(design -> trials == null ? design : design.withTrials(trials))
                .toList();
    }

    private Design design(List<KernelOption.Lane> lanes) {
        if (name == null) {
            throw new UsageException("no experiment given. Example: lab compare time-wait-storm --sysctl"
                    + " client:net.ipv4.tcp_tw_reuse=0,1; or use --study FILE. `lab list` lists the experiments.");
        }
        Design design = Design.of(Catalogue.byName(name), seed.orRandom());
        if (!lanes.isEmpty()) {
            design = design.with(Factors.kernels(CompareOnKernels.names(lanes)));
        }
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

    private ReportOutputs outputs() {
        return new ReportOutputs(reports, markdown);
    }

    private OutputFile csvFile() {
        return new OutputFile("--csv", csv);
    }
}
