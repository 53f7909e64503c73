package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureBlocksTest {
    @Test
    void countersThatDifferBetweenTheArmsComeFirstWithWhatTheyCount() {
        assertThat(rows(Samples.confirmed(), 0))
                .containsExactly(
                        "TcpEstabResets | connections that went from ESTABLISHED or CLOSE_WAIT straight to CLOSE | 0 | 0 | 1,500 | 0",
                        "TcpExtTCPNobodyKnows |  | 7 | 0 | 0 | 0",
                        "TcpActiveOpens | connections that this host opened: a first SYN was sent | 500 | 500 | 0 | 0");
    }

    @Test
    void aHostWhoseCountersCouldNotBeReadHasNoneAndARunWithoutControlNoColumnOfIt() {
        RunResult run = Samples.confirmed(
                Samples.measurements(),
                new ArmFigures(Samples.timeline(), Map.of(Role.CLIENT, Map.of("TcpOutRsts", 3L)), List.of()),
                ArmFigures.none());
        assertThat(rows(run, 0)).containsExactly("TcpOutRsts | RST sent | 3 | -");
    }

    @Test
    void eachLoadHasItsPercentilesInBothArms() {
        assertThat(rows(Samples.confirmed(), 1))
                .hasSize(6)
                .startsWith("500 requests | fault | until connected | 0.05 | 0.09 | 0.99 | 2.00 | 2.50")
                .endsWith("500 requests | control | the client's own delay | - | - | - | - | -");
    }

    @Test
    void aRunWithoutThemSaysNothing() {
        assertThat(FigureBlocks.of(Samples.refuted())).isEmpty();
    }

    @Test
    void whatNeverHappenedIsNotCalledInfinite() {
        assertThat(Figures.text(new Measurement(Double.POSITIVE_INFINITY, "s"))).isEqualTo("never");
        assertThat(Figures.text(Double.POSITIVE_INFINITY)).isEqualTo("never");
    }

    private static List<String> rows(RunResult run, int table) {
        return FigureBlocks.of(run).stream()
                .filter(Block.Grid.class::isInstance)
                .map(Block.Grid.class::cast)
                .toList()
                .get(table)
                .table()
                .rows()
                .stream()
                .map(row -> String.join(
                        " | ",
                        row.stream()
                                .map(cell -> String.join(
                                        "",
                                        cell.spans().stream()
                                                .map(Prose.Span::text)
                                                .toList()))
                                .toList()))
                .toList();
    }
}
