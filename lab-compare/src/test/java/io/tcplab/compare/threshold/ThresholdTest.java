package io.tcplab.compare.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tcplab.compare.threshold.ThresholdJudge.Trials;
import io.tcplab.compare.threshold.ThresholdResult.Outcome;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.catalogue.Catalogue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdTest {
    private static final Measure FAILURES =
            Measure.count("client.EADDRNOTAVAIL", "failures", Better.LOWER, "connects that failed");

    @Test
    void readsMeasureOperatorAndNumber() {
        assertThat(Threshold.parse(" client.EADDRNOTAVAIL > 0 "))
                .isEqualTo(new Threshold(
                        "client.EADDRNOTAVAIL > 0",
                        Statistic.ANY,
                        "",
                        "client.EADDRNOTAVAIL",
                        Operator.MORE,
                        0,
                        "",
                        ""));
    }

    @Test
    void readsStatisticExperimentUnitAndSetting() {
        assertThat(Threshold.parse("median( port-exhaustion/client.connect.p99 )>=2.5ms in tcp_tw_reuse=1, backlog=5"))
                .isEqualTo(new Threshold(
                        "median( port-exhaustion/client.connect.p99 )>=2.5ms in tcp_tw_reuse=1, backlog=5",
                        Statistic.MEDIAN,
                        "port-exhaustion",
                        "client.connect.p99",
                        Operator.AT_LEAST,
                        2.5,
                        "ms",
                        "tcp_tw_reuse=1, backlog=5"));
    }

    @ParameterizedTest
    @CsvSource({"a > 1e3, 1000", "a < -1, -1", "a<=1.5, 1.5", "a = 0 s, 0", "a != 7, 7"})
    void readsNumbersAsProgramsWriteThem(String text, double bound) {
        assertThat(Threshold.parse(text).bound()).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                 | 1 | expected a measure, such as client.EADDRNOTAVAIL > 0",
                "> 0                | 1 | expected a measure, such as client.EADDRNOTAVAIL > 0, not \"> 0\"",
                "client.X           | 9 | expected > >= < <= = != after client.X",
                "client.X 5         | 10 | expected > >= < <= = != after client.X, not \"5\"",
                "client.X >         | 11 | expected a number after >",
                "client.X > many    | 12 | expected a number after >, not \"many\"",
                "mean(client.X) > 0 | 1 | unknown statistic mean; known ones are median, max, min; did you mean",
                "medan(client.X) > 0 | 1 | unknown statistic medan; known ones are median, max, min; did you mean"
                        + " median?",
                "max(client.X > 0   | 14 | expected ), not \"> 0\"",
                "client.X > 0 in    | 16 | expected a setting after in",
                "client.X > 0 && 1  | 14 | expected the end, or: in SETTING, not \"&& 1\"",
                "a/ > 1             | 3 | expected a measure after a/"
            })
    void saysWhereItCannotBeUnderstood(String text, int column, String message) {
        ThresholdException e = catchThrowableOfType(ThresholdException.class, () -> Threshold.parse(text));
        assertThat(e).hasMessageStartingWith(message);
        assertThat(e.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server.CLOSE_WAIT.peek > 0                | unknown measure server.CLOSE_WAIT.peek; did you mean server.CLOSE_WAIT.peak",
                "half-close/server.CLOSE_WAIT.peak > 0     | half-close isn't one of the experiments in this run"
                        + " (close-wait-leak)",
                "server.CLOSE_WAIT.peak > 0 ms             | server.CLOSE_WAIT.peak is measured in sockets, not ms",
                "server.CLOSE_WAIT.peak > 0 in tcp_sack=2  | unknown setting tcp_sack=2; did you mean tcp_sack=0"
            })
    void knowsWhatThereIs(String text, String problem) {
        Experiment plain = Catalogue.byName("close-wait-leak");
        List<String> labels = List.of("tcp_sack=0, x=1", "tcp_sack=1, x=1");
        assertThat(Threshold.parse(text).problem(List.of(plain), labels))
                .hasValueSatisfying(message -> assertThat(message).startsWith(problem));
        assertThat(Threshold.parse("server.CLOSE_WAIT.peak > 0 sockets in tcp_sack=1")
                        .problem(List.of(plain), labels))
                .isEmpty();
    }

    @Test
    void oneTrialOfOneSettingIsEnoughToBreakIt() {
        ThresholdResult result = judge(
                "client.EADDRNOTAVAIL > 0",
                new Trials("a", List.of(0.0, 0.0), List.of()),
                new Trials("b", List.of(0.0, 3.0, 12.0), List.of()));
        assertThat(result.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(result.reason()).isEqualTo("b: 3, 12 failures");
    }

    @Test
    void aStatisticIsOneFigure() {
        Trials trials = new Trials("a", List.of(0.0, 3.0, 12.0), List.of());
        assertThat(judge("median(client.EADDRNOTAVAIL) > 3", trials).outcome()).isEqualTo(Outcome.HELD);
        assertThat(judge("max(client.EADDRNOTAVAIL) >= 12", trials).reason()).isEqualTo("a: 12 failures");
        assertThat(judge("min(client.EADDRNOTAVAIL) = 0", trials).outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(judge("client.EADDRNOTAVAIL != 0", trials).reason()).isEqualTo("a: 3, 12 failures");
        assertThat(judge("client.EADDRNOTAVAIL < 0", trials).outcome()).isEqualTo(Outcome.HELD);
        assertThat(judge("client.EADDRNOTAVAIL <= 0", trials).outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void withoutAnyTrialNobodyCanTell() {
        Trials lost = new Trials("b", List.of(), List.of("the generator lagged", "the generator lagged"));
        ThresholdResult result = judge("client.EADDRNOTAVAIL > 0", new Trials("a", List.of(0.0), List.of()), lost);
        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).isEqualTo("b: no trial measured it (the generator lagged)");
        // What is certain is certain, whatever else is missing.
        assertThat(judge("client.EADDRNOTAVAIL > 0", new Trials("a", List.of(1.0), List.of()), lost)
                        .outcome())
                .isEqualTo(Outcome.BROKEN);
        assertThat(judge("client.EADDRNOTAVAIL > 0").outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void aThresholdForOneSettingLeavesTheOthersAlone() {
        Trials without = new Trials("tcp_tw_reuse=0, ports=9", List.of(5.0), List.of());
        Trials with = new Trials("client:tcp_tw_reuse=1, ports=9", List.of(0.0), List.of());
        assertThat(judge("client.EADDRNOTAVAIL > 0 in tcp_tw_reuse=1", without, with)
                        .outcome())
                .isEqualTo(Outcome.HELD);
        assertThat(judge("client.EADDRNOTAVAIL > 0 in tcp_tw_reuse=0, ports=9", without, with)
                        .outcome())
                .isEqualTo(Outcome.BROKEN);
    }

    @Test
    void ofSeveralTheWorstCounts() {
        ThresholdResult held = judge("client.EADDRNOTAVAIL > 9", new Trials("a", List.of(1.0), List.of()));
        ThresholdResult open = judge("client.EADDRNOTAVAIL > 9");
        ThresholdResult broken = judge("client.EADDRNOTAVAIL > 0", new Trials("a", List.of(1.0), List.of()));
        assertThat(ThresholdResult.worst(List.of())).isEqualTo(Outcome.HELD);
        assertThat(ThresholdResult.worst(List.of(held, open))).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(ThresholdResult.worst(List.of(open, broken, held))).isEqualTo(Outcome.BROKEN);
    }

    private static ThresholdResult judge(String threshold, Trials... settings) {
        return ThresholdJudge.judge(Threshold.parse(threshold), "port-exhaustion", FAILURES, List.of(settings));
    }
}
