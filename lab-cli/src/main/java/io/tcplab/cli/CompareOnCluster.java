package io.tcplab.cli;

import io.tcplab.cluster.Cluster;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Member;
import io.tcplab.cluster.SpreadTrials;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Share;
import io.tcplab.compare.study.StudyText;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.Thresholds;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.compare.verdict.NodeResult;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.report.CompareReport;
import io.tcplab.report.ResultsFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Comparisons whose trials are spread over the machines of a cluster: each machine runs whole trials, and they are judged together here. */
final class CompareOnCluster {
    private final Screen screen;
    private final NodesOptions nodes;
    private final Cluster cluster;
    private final int jobs;
    private final List<ComparisonResult> results = new ArrayList<>();

    /**
     * Not yet begun.
     *
     * @param jobs how many runs go side by side on a machine at most; 0 for as many as it takes
     */
    CompareOnCluster(Screen screen, NodesOptions nodes, Cluster cluster, int jobs) {
        this.screen = screen;
        this.nodes = nodes;
        this.cluster = cluster;
        this.jobs = jobs;
    }

    /** Whether the cluster can't run it; if so, says why and what helps. Changes nothing. */
    boolean isMissing(List<Plan> plans) {
        Optional<String> problem = cluster.problem(crewPlan(plans));
        problem.ifPresent(why -> screen.err().println("lab: no comparison can be started: " + why));
        return problem.isPresent();
    }

    /**
     * Runs, evaluates, prints and writes.
     *
     * @param plans with trials for all machines
     * @return the exit code
     */
    int run(List<Plan> plans, List<Threshold> thresholds, Path out, CompareSession.Files files) throws Exception {
        String name = plans.size() == 1
                ? plans.getFirst().design().experiment().story().name()
                : "study";
        ResultsFolder folder = ResultsFolder.create(out, "compare-%s-on-%s".formatted(name, cluster.name()));
        cluster.clean().forEach(gone -> screen.err().println("removed what a killed lab has left: " + gone));
        plans.forEach(plan -> plan.notes().forEach(note -> screen.err().println("lab: " + note)));
        CompareSession session = new CompareSession(screen, thresholds);
        boolean ended;
        try {
            ended = compare(plans, session);
        } catch (EvidenceMissing e) {
            screen.err().println("lab: the comparison couldn't begin: " + e.getMessage());
            return ExitCode.INCONCLUSIVE;
        }
        CompareReport report =
                new CompareReport(kernels(), !ended, results, Thresholds.judge(thresholds, results), List.of());
        int code = session.finish(report, folder, files);
        return code == ExitCode.CONFIRMED && report.isPartial() ? ExitCode.INCONCLUSIVE : code;
    }

    /** The watchdog first: from then on, whatever kills this process, somebody removes what it has started. */
    private boolean compare(List<Plan> plans, CompareSession session) throws Exception {
        try (ClusterWatchdog watchdog =
                ClusterWatchdog.start(cluster, nodes.cluster().image())) {
            screen.err().println("starting a task on %s%s".formatted(machines(nodes.count()), watchdog.remark()));
            screen.err().flush();
            boolean ended = true;
            try (Crew crew = cluster.start(crewPlan(plans))) {
                for (Plan plan : plans) {
                    ended = ended && compare(plan, crew, session);
                }
                screen.err().println("removing the tasks");
                screen.err().flush();
            } catch (InterruptedException e) {
                ended = false;
            }
            watchdog.allRemoved();
            return ended;
        }
    }

    /** False if Ctrl-C came before the end; what there is by then is evaluated. */
    private boolean compare(Plan plan, Crew crew, CompareSession session) {
        List<Share> shares = Share.of(plan, crew.members().size());
        Collected collected = new Collected(plan, crew.members(), shares, this::say);
        announce(plan, crew.members(), shares);
        long start = System.nanoTime();
        List<Optional<String>> problems = List.of();
        boolean ended = true;
        try (SpreadTrials trials = new SpreadTrials(crew, collected)) {
            problems = trials.run(
                    shares.stream().map(share -> StudyText.of(share.design())).toList(), jobs);
        } catch (InterruptedException e) {
            ended = false;
        }
        List<NodeResult> machines = collected.machines(problems);
        machines.stream()
                .filter(machine -> !machine.problem().isEmpty())
                .forEach(machine -> say("partial: " + machine.problem()));
        ComparisonResult result = Evaluation.of(
                plan.withNotes(collected.notes()),
                collected.samples(),
                machines,
                !ended,
                (System.nanoTime() - start) / 1e9);
        results.add(result);
        session.print(result);
        return ended;
    }

    private void announce(Plan plan, List<Member> machines, List<Share> shares) {
        say("%s: %d settings × %d trials on %s (%s): about %d s; seed %d"
                .formatted(
                        plan.design().experiment().story().name(),
                        plan.settings().size(),
                        plan.trials(),
                        machines(machines.size()),
                        String.join(
                                ", ",
                                machines.stream()
                                        .map(machine -> machine.hello().node())
                                        .toList()),
                        Math.max(1, longest(plan, shares).toSeconds()),
                        plan.design().seed()));
    }

    private static String machines(int count) {
        return count == 1 ? "1 machine" : count + " machines";
    }

    private synchronized void say(String line) {
        screen.err().println(line);
        screen.err().flush();
    }

    private CrewPlan crewPlan(List<Plan> plans) {
        return nodes.plan(plans.stream()
                .map(plan -> longest(plan, Share.of(plan, nodes.count())))
                .reduce(Duration.ZERO, Duration::plus));
    }

    /** The first machines have the most trials. */
    private static Duration longest(Plan plan, List<Share> shares) {
        return plan.withTrials(shares.getFirst().trials()).about();
    }

    /** Those of the machines, each once. */
    private String kernels() {
        String all = String.join(
                ", ",
                results.stream()
                        .flatMap(result -> result.nodes().stream())
                        .map(NodeResult::kernel)
                        .filter(kernel -> !kernel.isEmpty())
                        .distinct()
                        .toList());
        return all.isEmpty() ? "-" : all;
    }
}
