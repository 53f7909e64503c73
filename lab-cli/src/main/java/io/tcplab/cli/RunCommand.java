package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.kernel.limits.UserNamespaces;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs experiments, each in a cell of its own beside its control, and says what the kernel showed.",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  lab run --all",
            "  lab run close-wait-leak --set connections=2000",
            "  lab run time-wait-storm --sysctl client:net.ipv4.tcp_tw_reuse=1 --json -",
            "  lab run --all --sysctl-file server:/etc/sysctl.d/90-tuning.conf --trials 3",
            "  lab run --all --without-fault        every one must be refuted: the lab can be wrong"
        })
final class RunCommand implements Callable<Integer> {
    private static final int SEEDS = 1_000_000;

    private final Screen screen;

    @Parameters(
            paramLabel = "NAME",
            description = "Experiments; `lab list` has them.",
            arity = "0..*",
            completionCandidates = Names.class)
    private List<String> names = List.of();

    @Option(names = "--all", description = "Run every experiment.")
    private boolean all;

    @Option(
            names = "--set",
            paramLabel = "KNOB=VALUE",
            description = "Set a knob, for each of the experiments that has it; `lab explain NAME` has them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--sysctl",
            paramLabel = "[HOST:]NAME=VALUE",
            description = "Set a sysctl in the cells, on the host `client` or `server`, or on both. Wins over files.")
    private List<String> sysctls = List.of();

    @Option(
            names = "--sysctl-file",
            paramLabel = "[HOST:]FILE",
            description = "Set all sysctls of a file in the syntax of sysctl.conf.")
    private List<String> sysctlFiles = List.of();

    @Option(
            names = "--sandbox",
            paramLabel = "NAME",
            defaultValue = "namespaces",
            description =
                    "What provides the cells: namespaces (default), or host: this host's loopback, where nothing is"
                            + " changed and what needs more is inconclusive.")
    private String sandbox = "namespaces";

    @Option(names = "--trials", paramLabel = "N", defaultValue = "1", description = "Run each so many times.")
    private int trials;

    @Option(
            names = "--without-fault",
            description = "Leave the fault out, and the control too. Each run should then be refuted.")
    private boolean withoutFault;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order in which the runs start; the report tells the one that was used.")
    private @Nullable Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "lab-results",
            description = "Where the results folder is made (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("lab-results");

    @Mixin
    private final ReportFiles files = new ReportFiles();

    RunCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Screen own = files.jsonToStandardOutput() ? screen.onlyErr() : screen;
        RunRequest request = request();
        Optional<String> unavailable = request.sandbox().unavailable();
        if (unavailable.isPresent()) {
            own.err().println("lab: no cells here: " + unavailable.get());
            UserNamespaces.obstacles().forEach(obstacle -> own.err().println("lab: " + obstacle));
            own.err().println("What can still run: the same with --sandbox host. `lab doctor` tells more.");
            return ExitCode.INCONCLUSIVE;
        }
        List<PreparedRun> runs = Preflight.prepare(request);
        files.check();
        return new RunSession(own, request, files).run(runs, out, folderName(request.experiments()));
    }

    private RunRequest request() {
        if (trials < 1) {
            throw new UsageException("--trials " + trials + ": must be 1 or more");
        }
        return new RunRequest(
                experiments(),
                settings,
                sysctls(),
                sandbox(),
                trials,
                withoutFault,
                seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed);
    }

    private List<Experiment> experiments() {
        if (all != names.isEmpty()) {
            throw new UsageException(
                    all
                            ? "either --all or names, not both"
                            : "which experiment? Name one or more of %s, or say --all."
                                    .formatted(String.join(", ", Catalogue.names())));
        }
        return all
                ? Catalogue.all()
                : new LinkedHashSet<>(names).stream().map(Catalogue::byName).toList();
    }

    private Sandbox sandbox() {
        return Sandboxes.byName(sandbox);
    }

    private Map<Role, Map<String, String>> sysctls() {
        SysctlArguments arguments = new SysctlArguments(note -> screen.err().println("lab: " + note));
        sysctlFiles.forEach(arguments::addFile);
        sysctls.forEach(arguments::add);
        return arguments.byHost();
    }

    private String folderName(List<Experiment> experiments) {
        if (all) {
            return "all";
        }
        String first = experiments.getFirst().story().name();
        return experiments.size() == 1 ? first : first + "-and-" + (experiments.size() - 1) + "-more";
    }
}
