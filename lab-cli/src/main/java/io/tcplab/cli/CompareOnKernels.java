package io.tcplab.cli;

import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.Thresholds;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.experiments.Bound;
import io.tcplab.report.CompareReport;
import io.tcplab.report.KernelRun;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.SamplesJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A comparison with the kernel as a factor: each kernel takes samples of its own, and they are judged together here. */
final class CompareOnKernels {
    private final Screen screen;
    private final KernelOption option;
    private final List<KernelOption.Lane> lanes;

    CompareOnKernels(Screen screen, KernelOption option, List<KernelOption.Lane> lanes) {
        this.screen = screen;
        this.option = option;
        this.lanes = lanes;
    }

    /**
     * Runs, evaluates, prints and writes.
     *
     * @param plan with the kernel as its first factor
     * @return the exit code
     */
    int run(Plan plan, List<Threshold> thresholds, Path out, CompareSession.Files files) throws Exception {
        String name = plan.design().experiment().story().name();
        ResultsFolder folder = ResultsFolder.create(out, "compare-%s-on-%d-kernels".formatted(name, lanes.size()));
        plan.notes().forEach(note -> screen.err().println("lab: " + note));
        long start = System.nanoTime();
        KernelSession.Result result = new KernelSession(screen, option, lanes)
                .run(
                        folder,
                        List.of(
                                "--samples",
                                "--trials=" + plan.trials(),
                                "--seed=" + plan.design().seed()));
        ComparisonResult comparison = Evaluation.of(
                plan.withNotes(notes(plan, result.runs())),
                samples(plan, result.runs()),
                result.interrupted(),
                (System.nanoTime() - start) / 1e9);
        CompareSession session = new CompareSession(screen, thresholds);
        session.print(comparison);
        int code = session.finish(report(comparison, thresholds, result), folder, files);
        return code == ExitCode.CONFIRMED ? result.code() : code; // a kernel without samples leaves it inconclusive
    }

    private CompareReport report(ComparisonResult comparison, List<Threshold> thresholds, KernelSession.Result result) {
        List<ComparisonResult> all = List.of(comparison);
        return new CompareReport(
                result.runs().isEmpty() ? "-" : result.runs().getFirst().release(),
                result.interrupted(),
                all,
                Thresholds.judge(thresholds, all),
                result.runs());
    }

    /** The kernel is the first factor, so that one kernel's settings stand together. */
    private List<Sample> samples(Plan plan, List<KernelRun> runs) {
        int each = plan.settings().size() / lanes.size();
        List<Sample> samples = new ArrayList<>();
        for (KernelRun run : runs) {
            int before = each * names(lanes).indexOf(run.kernel());
            run.report().ifPresent(report -> samples.addAll(SamplesJson.samples(report, before)));
        }
        return samples;
    }

    static List<String> names(List<KernelOption.Lane> lanes) {
        return lanes.stream().map(KernelOption.Lane::name).toList();
    }

    private static List<String> notes(Plan plan, List<KernelRun> runs) {
        List<String> notes = new ArrayList<>(runs.stream().map(KernelRun::story).toList());
        boolean unlike = runs.stream().map(KernelRun::accelerator).distinct().count() > 1;
        if (unlike && plan.bound() == Bound.THROUGHPUT) {
            notes.add(
                    "the kernels didn't run on the same machine: an emulated one is about ten times slower, so a difference in"
                            + " rates and latencies isn't the kernel's");
        }
        return notes;
    }
}
