package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.HostSandbox;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.Replacements;
import io.tcplab.experiments.run.RunRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab run}. */
@Command(
        name = "run",
        sortOptions = false,
        description =
                "Runs experiments, each in its own cell together with a control, and reports what the kernel showed.",
        footer = {
            "  lab run --all",
            "  lab run close-wait-leak --set connections=2000",
            "  lab run time-wait-storm --sysctl client:net.ipv4.tcp_tw_reuse=1 --json -",
            "  lab run simultaneous-close --trace",
            "  lab run close-wait-leak --kernel 6.1,host    on your production's kernel, beside this one",
            "  lab run time-wait-lost-ack --capture",
            "  lab run --all --sysctl-file server:/etc/sysctl.d/90-tuning.conf --trials 3",
            "  lab run --all --without-fault        every one must be refuted: proves that the lab can say no"
        })
final class RunCommand extends ScreenCommand {
    @Parameters(
            paramLabel = "NAME",
            description = "Experiments (see `lab list`).",
            arity = "0..*",
            completionCandidates = Names.class)
    private List<String> names = List.of();

    @Option(names = "--all", description = "Run every experiment.")
    private boolean all;

    @Option(
            names = "--set",
            paramLabel = "KNOB=VALUE",
            description = "Set a knob of the experiments that have it; `lab explain NAME` lists them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Mixin
    private final SysctlOptions sysctls = new SysctlOptions();

    @Mixin
    private final SandboxOption cells = new SandboxOption();

    @Option(names = "--trials", paramLabel = "N", defaultValue = "1", description = "Run each N times.")
    private int trials;

    @Option(
            names = "--without-fault",
            description = "Leave out the fault, and the control. Every run should then be refuted.")
    private boolean withoutFault;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Option(
            names = "--capture",
            description = "Capture each cell's link to a pcapng file in the results folder, including the control's.")
    private boolean capture;

    @Option(
            names = "--trace",
            description = "Show one connection of each run as a sequence diagram: both hosts' states, and the segments"
                    + " between them. The results folder has it too, and the control's.")
    private boolean trace;

    @Option(
            names = "--trace-connection",
            paramLabel = "N",
            description = "Trace the Nth connection, in the order of their first SYNs (default: the first).")
    private @Nullable Integer traced;

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Mixin
    private final OutOption out = new OutOption();

    @Mixin
    private final ReportFiles files = new ReportFiles();

    RunCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Screen own = files.forText(screen);
        RunRequest request = request();
        if ((capture || trace().isPresent()) && request.sandbox() instanceof HostSandbox) {
            throw new UsageException((capture ? "--capture" : "--trace")
                    + " needs a cell with its own link; the host sandbox uses this host's loopback, which also"
                    + " carries other programs' segments. Use --sandbox namespaces.");
        }
        if (kernels.isGiven()) {
            return onKernels(own, request);
        }
        if (SandboxOption.isMissing(request.sandbox(), own)) {
            return ExitCode.INCONCLUSIVE;
        }
        List<PreparedRun> runs = Preflight.prepare(request);
        files.check();
        Replacements.of(request).forEach(note -> screen.err().println("lab: " + note));
        int jobs = cells.jobs(request.sandbox());
        return new RunSession(own, request, files, capture, trace(), jobs)
                .run(runs, out.folder(), folderName(request.experiments()));
    }

    private int onKernels(Screen own, RunRequest request) throws Exception {
        KernelOption.requireOwnCells(request.sandbox());
        files.check();
        return files.onKernels(own, kernels, out.folder()).run();
    }

    private OptionalInt trace() {
        if (traced != null && traced < 1) {
            throw new UsageException("--trace-connection " + traced + ": must be 1 or more");
        }
        return traced != null ? OptionalInt.of(traced) : trace ? OptionalInt.of(1) : OptionalInt.empty();
    }

    private RunRequest request() {
        if (trials < 1) {
            throw new UsageException("--trials " + trials + ": must be 1 or more");
        }
        return new RunRequest(
                experiments(),
                settings,
                sysctls.byHost(note -> screen.err().println("lab: " + note)),
                cells.sandbox(),
                trials,
                withoutFault,
                seed.orRandom());
    }

    private List<Experiment> experiments() {
        if (all != names.isEmpty()) {
            throw new UsageException(
                    all
                            ? "--all and names exclude each other: give one of them"
                            : "no experiment given: name one or more (`lab list` lists them), or use --all");
        }
        return all
                ? Catalogue.all()
                : new LinkedHashSet<>(names).stream().map(Catalogue::byName).toList();
    }

    private String folderName(List<Experiment> experiments) {
        if (all) {
            return "all";
        }
        String first = experiments.getFirst().story().name();
        return experiments.size() == 1 ? first : first + "-and-" + (experiments.size() - 1) + "-more";
    }
}
