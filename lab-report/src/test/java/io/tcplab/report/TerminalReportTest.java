package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

class TerminalReportTest {
    private static final int WIDTH = 100;

    private final TerminalReport plain = new TerminalReport(Help.defaultColorScheme(Ansi.OFF), WIDTH);

    @Test
    void showsVerdictEvidenceControlAndChart() throws Exception {
        Golden.assertSame(
                "terminal.txt",
                plain.render(Samples.confirmed())
                        + plain.render(Samples.refuted())
                        + plain.render(Samples.inconclusive())
                        + plain.summary(Samples.report()));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int width : new int[] {80, 100, 140}) {
            TerminalReport report = new TerminalReport(Help.defaultColorScheme(Ansi.OFF), width);
            assertThat(report.render(Samples.confirmed()).lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void tellsOnceWhyNothingWasSeen() {
        assertThat(plain.render(Samples.notStarted())).isEqualTo("""
                ? lost-final-ack: inconclusive in 0.0 s
                    the run needs the wire, which connects two network namespaces of one process, not containers;
                    use --sandbox namespaces

                """);
    }

    @Test
    void coloursOnlyWhenAskedTo() {
        TerminalReport coloured = new TerminalReport(Help.defaultColorScheme(Ansi.ON), WIDTH);
        assertThat(coloured.render(Samples.refuted())).contains("\u001b[31m");
        assertThat(plain.render(Samples.refuted())).doesNotContain("\u001b");
    }

    @Test
    void doesNotTakeTextForMarkup() {
        assertThat(plain.render(Samples.refuted())).contains("| ever");
    }
}
