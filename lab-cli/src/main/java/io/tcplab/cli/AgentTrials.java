package io.tcplab.cli;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.run.CompareListener;
import io.tcplab.compare.run.ComparisonRunner;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedSetting;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.study.StudyException;
import io.tcplab.compare.study.StudyFile;
import io.tcplab.containers.agent.Trials;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.report.Json;
import io.tcplab.report.SamplesJson;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A machine's share of a comparison, in cells of its own. Each trial's result is a document {@code lab/samples/1} of one trial. */
final class AgentTrials implements Trials {
    /** A container may have it read-only. Any of the net.* sysctls that root may write shows whether it has. */
    private static final Path A_SYSCTL = Path.of("/proc/sys/net/ipv4/tcp_fin_timeout");

    private static final CompareListener NOBODY = new CompareListener() {};

    @Override
    public void run(String study, int jobs, Consumer<String> results) throws InterruptedException {
        Plan plan = plan(study, jobs);
        obstacle(plan).ifPresent(why -> {
            throw new EvidenceMissing(why);
        });
        String kernel = plan.settings().getFirst().sandbox().kernel();
        new ComparisonRunner(plan, NOBODY).run(sample -> results.accept(text(kernel, sample)));
    }

    private static Plan plan(String study, int jobs) {
        try {
            Design design = StudyFile.parse(study).designs(0).getFirst();
            Plan plan = Plan.of(design, Sandboxes::byName, Sandboxes.names().getFirst());
            return jobs > 0 ? plan.withJobs(jobs) : plan;
        } catch (StudyException | UsageException e) {
            throw new EvidenceMissing("the settings can't be had there: " + e.getMessage(), e);
        }
    }

    private static Optional<String> obstacle(Plan plan) {
        Optional<String> unavailable = plan.settings().stream()
                .map(PlannedSetting::sandbox)
                .flatMap(sandbox -> sandbox.unavailable().stream())
                .findFirst()
                .map(why -> "no cells can be made in its container: " + why);
        boolean setsAny = plan.watched().values().stream().anyMatch(names -> !names.isEmpty());
        return unavailable.or(() -> setsAny && !Files.isWritable(A_SYSCTL)
                ? Optional.of("no sysctl can be set in its container, because /proc/sys is read-only there and can't be"
                        + " remounted: AppArmor's profile for containers forbids it. Choose machines without that profile"
                        + " (--node-label), or compare on this machine (leave out --on)")
                : Optional.empty());
    }

    private static String text(String kernel, Sample sample) {
        StringWriter text = new StringWriter();
        Json.write(SamplesJson.of(kernel, false, List.of(sample)), text);
        return text.toString();
    }
}
