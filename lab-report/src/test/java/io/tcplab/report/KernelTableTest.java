package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelTableTest {
    @Test
    void whatDiffersComesFirst() {
        KernelTable table = KernelSamples.claims();
        assertThat(table.differing()).isEqualTo(1);
        assertThat(table.rows()).first().matches(KernelTable.Row::differs);
        assertThat(table.rows()).hasSizeGreaterThan(1);
        assertThat(table.rows().subList(1, table.rows().size())).noneMatch(KernelTable.Row::differs);
    }

    /** A kernel that was lost has no opinion, so that nothing differs for its sake. */
    @Test
    void aLostGuestHasNoVerdict() {
        assertThat(KernelSamples.claims().rows())
                .allSatisfy(row -> assertThat(row.cells().getLast().isThere()).isFalse());
        assertThat(KernelText.summary(KernelSamples.claims()))
                .anyMatch(line -> line.contains("6.12 (6.12.95)") && line.endsWith("it said nothing for 300 s"));
    }

    @Test
    void theCountSaysWhatIsMissing() {
        assertThat(KernelText.count(KernelSamples.claims())).endsWith("; incomplete: 6.12");
        assertThat(KernelText.count(KernelSamples.runs())).endsWith("the same on 2 kernels");
    }

    @Test
    void ofOneKernelThereIsNothingToCompare() {
        KernelTable both = KernelSamples.runs();
        KernelTable one = KernelTable.ofRuns(both.kernels().subList(0, 1));
        assertThat(KernelText.count(one)).matches("\\d+ \\w+(, \\d+ \\w+)*");
        assertThat(KernelText.lines(one)).noneMatch(line -> line.contains(": same: "));
    }

    @Test
    void whatIsOpenEverywhereHasItsReason() {
        KernelTable.Row open = new KernelTable.Row(
                "half-close",
                "",
                List.of(
                        new KernelTable.Cell("inconclusive", "the machine was too busy"),
                        new KernelTable.Cell("inconclusive", "the machine was too busy")));
        KernelTable table = new KernelTable(KernelSamples.runs().kernels(), List.of(open));
        assertThat(KernelText.lines(table))
                .containsExactly(
                        "half-close: same: host inconclusive, 6.1 inconclusive: host, 6.1: inconclusive: the machine was too busy");
    }

    @Test
    void theReasonsNameTheKernelsThatSaySo() {
        KernelTable table = KernelSamples.claims();
        List<String> reasons = KernelTable.reasons(table.rows().getFirst(), table.kernels());
        assertThat(reasons).hasSize(2);
        assertThat(reasons.getFirst()).startsWith("host: true");
        assertThat(reasons.getLast()).startsWith("6.1: false");
    }

    @Test
    void whatIsTheSameIsSaidOnce() {
        KernelTable table = KernelSamples.runs();
        assertThat(table.differing()).isZero();
        assertThat(KernelTable.reasons(table.rows().getFirst(), table.kernels()))
                .singleElement()
                .asString()
                .startsWith("host, 6.1: ");
    }
}
