package io.tcplab.cli;

import io.tcplab.cluster.Cluster;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Lifetime;
import io.tcplab.cluster.Storm;
import io.tcplab.cluster.StormPlan;
import io.tcplab.cluster.StormReport;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.StormJson;
import io.tcplab.report.StormText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab storm}. */
@Command(
        name = "storm",
        sortOptions = false,
        description = {
            "Starts a server and clients on the machines of a cluster, has all clients begin at one instant, and merges"
                    + " what they report. The server's kernel says whether that is true.",
            "All that it starts is removed at the end."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:operations were completed, and the server's kernel counted what the clients did",
            " 1:no operation was completed",
            " 2:partial: a client is missing, late, or its count isn't the kernel's; or no storm can be started here",
            "130:Ctrl-C; removes everything, reports nothing"
        },
        footer = {
            "  lab storm --on swarm --clients 8 --rate 20000 --for 30s",
            "  lab storm --on swarm --clients 4 --load hold --count 40000 --for 1m",
            "  lab storm --on swarm --clients 4 --count 10000 --behaviour never-close --json -",
            "  lab storm --on swarm --clean  removes what a killed lab has left",
            "  lab storm --on kubernetes --namespace load-tests --image registry.example/lab:1 --clients 8 --rate 20000"
        })
final class StormCommand extends ScreenCommand {
    @Option(
            names = "--on",
            paramLabel = "KIND",
            required = true,
            description = "The cluster: swarm (Docker's), or kubernetes.")
    private String on = "";

    @Mixin
    private final StormOptions options = new StormOptions();

    @Mixin
    private final ClusterOptions clusterOptions = new ClusterOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Also keep the JSON there, in a folder of its own.")
    private @Nullable Path out;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--clean", description = "Remove what storms and comparisons of killed labs have left, and exit.")
    private boolean clean;

    @Option(
            names = "--remove",
            hidden = true,
            paramLabel = "RUN",
            description = "Remove a storm when standard input ends: what its coordinator starts beside itself.")
    private @Nullable String remove;

    StormCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        clusterOptions.check(on);
        StormPlan plan = options.plan();
        json.check();
        Cluster cluster = clusterOptions.cluster(on);
        String ended = remove;
        if (ended != null) {
            ClusterWatchdog.watch(System.in, () -> cluster.remove(ended));
            return ExitCode.CONFIRMED;
        }
        Optional<String> problem = cluster.problem(crewPlan(plan));
        if (problem.isPresent()) {
            screen.err().println("lab: no storm can be started: " + problem.get());
            return ExitCode.INCONCLUSIVE;
        }
        cluster.clean().forEach(gone -> screen.err().println("removed what a killed lab has left: " + gone));
        return clean ? others(cluster) : storm(plan, cluster, clusterOptions.image());
    }

    private static CrewPlan crewPlan(StormPlan plan) {
        return new CrewPlan.ForStorm(plan.clients(), Lifetime.of(plan));
    }

    private int others(Cluster cluster) {
        cluster.others()
                .forEach(other -> screen.err()
                        .println("%s is left: its lab is on another machine, or still at work. If it isn't: %s"
                                .formatted(other, cluster.removal(other))));
        return ExitCode.CONFIRMED;
    }

    private int storm(StormPlan plan, Cluster cluster, String name) throws Exception {
        Optional<ResultsFolder> folder = Optional.ofNullable(out).map(base -> ResultsFolder.create(base, "storm"));
        StormReport report;
        try {
            report = run(plan, cluster, name);
        } catch (EvidenceMissing e) {
            screen.err().println("lab: the storm couldn't begin: " + e.getMessage());
            return ExitCode.INCONCLUSIVE;
        }
        StormJson document = StormJson.of(report);
        json.write(() -> document);
        if (folder.isPresent()) {
            folder.get().write("storm", document);
            screen.err().println("results: " + folder.get().path());
        }
        PrintWriter to = json.forText(screen).out();
        to.print(StormText.table(report));
        to.flush();
        screen.err().println(StormText.legend());
        if (!report.whole()) {
            return ExitCode.INCONCLUSIVE;
        }
        return report.sum().completed() > 0 ? ExitCode.CONFIRMED : ExitCode.REFUTED;
    }

    /** The watchdog first: from then on, whatever kills this process, somebody removes what it has started. */
    private StormReport run(StormPlan plan, Cluster cluster, String name) throws Exception {
        Progress progress = new Progress();
        try (ClusterWatchdog watchdog = ClusterWatchdog.start(cluster, name)) {
            progress.step("starting a server and %d clients%s".formatted(plan.clients(), watchdog.remark()));
            StormReport report = run(plan, cluster, name, progress);
            watchdog.allRemoved();
            return report;
        }
    }

    private static StormReport run(StormPlan plan, Cluster cluster, String name, Progress progress)
            throws InterruptedException {
        try (Crew crew = cluster.start(crewPlan(plan));
                Storm storm = new Storm(plan, crew, progress)) {
            StormReport report = storm.run(cluster.name(), name);
            progress.step("removing the tasks");
            return report;
        }
    }

    /** On standard error; figures are redrawn in place where that is a terminal. */
    private final class Progress implements Storm.Progress {
        private boolean open;

        @Override
        public void step(String what) {
            if (open) {
                screen.err().println();
                open = false;
            }
            screen.err().println(what);
            screen.err().flush();
        }

        @Override
        public void look(Duration since, Map<TcpState, Integer> server) {
            if (screen.errIsTerminal()) {
                screen.err().print("\r\u001b[K" + StormText.line(since.toNanos() / 1e9, server));
                screen.err().flush();
                open = true;
            }
        }
    }
}
