package io.tcplab.report;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the arms of a run left to look at besides its verdict: counters that moved, and how long loads took. */
final class FigureBlocks {
    private FigureBlocks() {}

    static List<Block> of(RunResult run) {
        List<Block> blocks = new ArrayList<>(counters(run));
        blocks.addAll(loads(run));
        return blocks;
    }

    private static List<Block> counters(RunResult run) {
        List<MovedCounter> moved = MovedCounter.of(run);
        if (moved.isEmpty()) {
            return List.of();
        }
        boolean controlled = !run.control().counters().isEmpty();
        List<Table.Column> columns = new ArrayList<>(List.of(Table.words("counter"), Table.words("what it counts")));
        for (Role role : Role.values()) {
            columns.add(Table.figures(role.label() + (controlled ? ", fault" : "")));
            if (controlled) {
                columns.add(Table.figures(role.label() + ", control"));
            }
        }
        return List.of(
                new Block.Heading(3, "Counters that moved"),
                Block.paragraph("By how much, from when the cell was made until the last step"
                        + (controlled ? ", those that differ first and in bold" : "")
                        + ". Counters that just count segments are left out."),
                new Block.Grid(new Table(
                        columns,
                        moved.stream().map(counter -> row(counter, controlled)).toList())));
    }

    private static List<Prose> row(MovedCounter counter, boolean controlled) {
        Prose name = counter.differs() ? Prose.strong(counter.name()) : Prose.of(counter.name());
        List<Prose> cells = new ArrayList<>(List.of(name, Prose.of(CounterMeanings.of(counter.name()))));
        MovedCounter.Arms unread = new MovedCounter.Arms(OptionalLong.empty(), OptionalLong.empty());
        for (Role role : Role.values()) {
            MovedCounter.Arms by = counter.by().getOrDefault(role, unread);
            cells.add(figure(by.fault()));
            if (controlled) {
                cells.add(figure(by.control()));
            }
        }
        return cells;
    }

    private static Prose figure(OptionalLong value) {
        return Prose.of(value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : "-");
    }

    private static List<Block> loads(RunResult run) {
        List<List<Prose>> rows = Stream.concat(rows(Arm.FAULT, run.fault()), rows(Arm.CONTROL, run.control()))
                .toList();
        return rows.isEmpty()
                ? List.of()
                : List.of(
                        new Block.Heading(3, "How long the load took"),
                        new Block.Grid(new Table(
                                Stream.concat(
                                                Stream.of("load", "arm", "ms from the scheduled time")
                                                        .map(Table::words),
                                                LoadBlocks.percentiles())
                                        .toList(),
                                rows)));
    }

    private static Stream<List<Prose>> rows(Arm arm, ArmFigures figures) {
        return figures.loads().stream()
                .flatMap(load -> LoadBlocks.latencies(load.report()).map(latency -> row(load, arm, latency)));
    }

    private static List<Prose> row(NamedLoad load, Arm arm, List<Prose> latency) {
        List<Prose> cells = new ArrayList<>(Table.row(load.name(), arm.label()));
        cells.addAll(latency);
        return cells;
    }
}
