package io.tcplab.report;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.run.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What {@code lab run} came to, to look at: the verdicts, and of each run its story, its evidence and its sockets over time. */
final class RunPage {
    private static final List<Verdict> NEEDS_A_LOOK = List.of(Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.CONFIRMED);

    private static final Pattern PARAGRAPHS = Pattern.compile("\n\n");

    private RunPage() {}

    static List<Block> of(RunReport report, Function<RunResult, Optional<Ladder>> ladders) {
        List<Block> blocks = new ArrayList<>(RunBlocks.head(report));
        if (report.runs().size() > 1) {
            blocks.add(new Block.Runs(ordered(report).stream().map(RunPage::row).toList()));
        }
        blocks.addAll(folds(report, ladders));
        return blocks;
    }

    /** What needs a look first. */
    private static List<RunResult> ordered(RunReport report) {
        return report.runs().stream()
                .sorted(Comparator.comparingInt((RunResult run) -> NEEDS_A_LOOK.indexOf(run.verdict()))
                        .thenComparing(RunPage::id))
                .toList();
    }

    /** Each run with all that is known of it; a single one is open. */
    static List<Block> folds(RunReport report, Function<RunResult, Optional<Ladder>> ladders) {
        boolean open = report.runs().size() == 1;
        return ordered(report).stream()
                .map(run -> fold(run, ladders.apply(run), report, open))
                .toList();
    }

    private static Block.RunRow row(RunResult run) {
        return new Block.RunRow(
                id(run),
                run.verdict().label(),
                StatesChart.of(run),
                Figures.text(Math.rint(run.seconds() * 10) / 10),
                run.reason().isEmpty()
                        ? known(run)
                                .map(experiment -> experiment.story().summary())
                                .orElse("")
                        : run.reason());
    }

    private static Block fold(RunResult run, Optional<Ladder> ladder, RunReport report, boolean open) {
        List<Block> blocks = new ArrayList<>();
        if (!run.reason().isEmpty()) {
            blocks.add(Block.paragraph(run.reason()));
        }
        known(run).ifPresent(experiment -> {
            PARAGRAPHS
                    .splitAsStream(experiment.story().text())
                    .map(paragraph -> Block.paragraph(paragraph.replaceAll("\\s+", " ")))
                    .forEach(blocks::add);
            blocks.add(new Block.Bullets(List.of(
                    Prose.strong("Fault: ").and(experiment.story().fault()),
                    Prose.strong("Control: ").and(experiment.story().control()))));
        });
        StatesChart.of(run).ifPresent(chart -> blocks.add(new Block.States(chart)));
        ladder.ifPresent(
                each -> blocks.add(new Block.Picture(LadderDrawing.of(each, run.experiment() + ", a connection"))));
        blocks.addAll(RunBlocks.evidence(run));
        blocks.addAll(FigureBlocks.of(run));
        blocks.addAll(sysctls(run));
        blocks.add(new Block.Paragraph(Prose.strong("Run it again")));
        blocks.add(new Block.Command(again(run, report)));
        return new Block.Fold(
                id(run),
                Prose.strong(Phrases.title(run))
                        .and(" ")
                        .and(Prose.verdict(run.verdict().label()))
                        .and(" in " + Figures.seconds(run.seconds())),
                open,
                blocks);
    }

    private static List<Block> sysctls(RunResult run) {
        Map<String, List<Prose>> rows = new TreeMap<>();
        for (Role role : Role.values()) {
            run.sysctls()
                    .getOrDefault(role, Map.of())
                    .forEach((name, value) -> rows.put(
                            name + role, List.of(Prose.code(name), Prose.of(role.label()), Prose.code(value))));
        }
        return rows.isEmpty()
                ? List.of()
                : List.of(new Block.Grid(new Table(
                        Table.columns("sysctl that was set", "host", "value read back"), List.copyOf(rows.values()))));
    }

    /** With the knobs that aren't what they are by default. */
    private static String again(RunResult run, RunReport report) {
        StringBuilder command = new StringBuilder("lab run ").append(run.experiment());
        known(run).ifPresent(experiment -> {
            for (Knob<?> knob : experiment.knobs()) {
                Object value = run.knobs().get(knob.name());
                if (value != null && !value.equals(initial(knob))) {
                    command.append(" --set ").append(knob.name()).append('=').append(value);
                }
            }
        });
        if (!report.sandbox().equals("namespaces")) {
            command.append(" --sandbox ").append(report.sandbox());
        }
        return command.append(report.withoutFault() ? " --without-fault" : "")
                .append(" --seed ")
                .append(report.seed())
                .toString();
    }

    private static <T> Object initial(Knob<T> knob) {
        return knob.plain(knob.initial());
    }

    private static String id(RunResult run) {
        return run.trial() == 1 ? run.experiment() : run.experiment() + "-" + run.trial();
    }

    private static Optional<Experiment> known(RunResult run) {
        return Catalogue.all().stream()
                .filter(experiment -> experiment.story().name().equals(run.experiment()))
                .findFirst();
    }
}
