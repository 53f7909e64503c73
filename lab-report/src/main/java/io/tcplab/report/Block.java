package io.tcplab.report;

import io.tcplab.kernel.sockets.TcpState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a report is made of, top down, before a view gives it a form. */
sealed interface Block {
    /**
     * A title.
     *
     * @param level 1 for the whole report's
     */
    record Heading(int level, String text) implements Block {}

    /** A paragraph. */
    record Paragraph(Prose text) implements Block {}

    /** A list without an order. */
    record Bullets(List<Prose> items) implements Block {
        /** Copies the list. */
        public Bullets {
            items = List.copyOf(items);
        }
    }

    /** A table. */
    record Grid(Table table) implements Block {}

    /** What to type in a shell. */
    record Command(String text) implements Block {}

    /**
     * A part that a reader opens.
     *
     * @param id to refer to it
     * @param open whether it is open at first
     */
    record Fold(String id, Prose summary, boolean open, List<Block> blocks) implements Block {
        /** Copies the list. */
        public Fold {
            blocks = List.copyOf(blocks);
        }
    }

    /** Sockets by state over time. */
    record States(StatesChart chart) implements Block {}

    /** Several runs, a row each, which opens the run's part of the page. */
    record Runs(List<RunRow> rows) implements Block {
        /** Copies the list. */
        public Runs {
            rows = List.copyOf(rows);
        }

        /** The states that the rows' charts show, in the kernel's order. */
        List<String> states() {
            return Arrays.stream(TcpState.values())
                    .map(TcpState::label)
                    .filter(state ->
                            rows.stream().flatMap(row -> row.chart().stream()).anyMatch(chart -> chart.shows(state)))
                    .toList();
        }
    }

    /**
     * One of them.
     *
     * @param id of its part of the page
     * @param chart empty if nothing was seen
     * @param what it shows, or why it doesn't
     */
    record RunRow(String id, String verdict, Optional<StatesChart> chart, String seconds, String what) {
        Optional<StatesSparks> sparks() {
            return chart.map(StatesSparks::of);
        }
    }

    /** One connection, segment by segment. */
    record Picture(LadderDrawing drawing) implements Block {}

    /** Samples under several settings. */
    record Dots(DotPlot plot) implements Block {}

    static Block paragraph(String text) {
        return new Paragraph(Prose.of(text));
    }

    /** A title and a list of plain lines; nothing where there are none. */
    static List<Block> section(String title, List<String> lines) {
        return lines.isEmpty()
                ? List.of()
                : List.of(
                        new Paragraph(Prose.strong(title)),
                        new Bullets(lines.stream().map(Prose::of).toList()));
    }
}
