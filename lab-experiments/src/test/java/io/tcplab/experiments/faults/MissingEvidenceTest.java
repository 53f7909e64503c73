package io.tcplab.experiments.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.faults.Breakage.Kind;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each source of evidence is taken away in turn, or breaks under way. What rests on it is inconclusive then, neither confirmed nor
 * refuted, and so is a run that it decides.
 *
 * <p>Here those experiments that take a second; {@code scripts/torture evidence} takes the whole catalogue.
 */
@Tag("slow")
class MissingEvidenceTest {
    private static final boolean ALL = Integer.getInteger("lab.torture", 0) > 0;

    /** Each source decides one of them, but for transitions, which decide none. */
    private static final Set<String> QUICK =
            Set.of("three-way-handshake", "three-segment-close", "state-counts", "linger-reset", "close-wait-leak");

    private static final Map<String, String> SMALL = Map.of("connections", "10", "fin-timeout", "1");

    static List<Source> sources() {
        return WithoutSource.all().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void isNeverAPass(Source source) throws InterruptedException {
        List<RunResult> results = run(new WithoutSource(source), new RunListener() {});
        List<String> violations = new ArrayList<>();
        int inconclusive = 0;
        int others = 0;
        for (RunResult result : results) {
            boolean decides = result.expectations().stream()
                    .anyMatch(one -> one.decides() && one.expectation().source() == source);
            inconclusive += result.verdict() == Verdict.INCONCLUSIVE ? 1 : 0;
            others += decides ? 0 : 1;
            if (result.verdict() == Verdict.REFUTED || (decides && result.verdict() == Verdict.CONFIRMED)) {
                violations.add(result.experiment() + ": " + result.verdict().label() + ": " + result.reason());
            }
            result.expectations().stream()
                    .filter(one -> one.expectation().source() == source && one.verdict() != Verdict.INCONCLUSIVE)
                    .map(one -> result.experiment() + ": " + words(one))
                    .forEach(violations::add);
        }
        System.out.printf(
                "evidence: without %s: %d runs, %d inconclusive; %d aren't decided by it%n",
                source.label(), results.size(), inconclusive, others);
        assertThat(violations).isEmpty();
    }

    static List<Arguments> breakages() {
        List<Integer> moments = ALL ? List.of(1, 3, 10, 40) : List.of(4);
        return Stream.of(Kind.values())
                .flatMap(kind -> (kind == Kind.LATE_GENERATOR ? List.of(1) : moments)
                        .stream().map(nth -> Arguments.of(kind, nth)))
                .toList();
    }

    /** A run whose host is lost is inconclusive. Else it may be confirmed by what was seen before; it is never refuted. */
    @ParameterizedTest
    @MethodSource("breakages")
    void thatIsLostUnderWayRefutesNothing(Kind kind, int nth) throws InterruptedException {
        BreakingCells cells = new BreakingCells(kind, nth);
        Set<String> struck = ConcurrentHashMap.newKeySet();
        Map<Cell, String> opened = Collections.synchronizedMap(new IdentityHashMap<>());
        List<RunResult> results = run(cells, new RunListener() {
            @Override
            public void opened(PreparedRun run, Arm arm, Cell cell) {
                opened.put(cell, run.experiment().story().name());
            }
        });
        opened.forEach((cell, experiment) -> {
            if (cells.of(cell).struck()) {
                struck.add(experiment);
            }
        });
        assertThat(struck).isNotEmpty();
        assertThat(results)
                .filteredOn(result -> result.verdict() == Verdict.REFUTED
                        || (kind == Kind.LOST_AGENT
                                && struck.contains(result.experiment())
                                && result.verdict() != Verdict.INCONCLUSIVE))
                .extracting(
                        result -> result.experiment() + ": " + result.verdict().label() + ": " + result.reason())
                .isEmpty();
        System.out.printf(
                "evidence: %s at %d: %d runs, %d of them struck, %d inconclusive%n",
                kind,
                nth,
                results.size(),
                struck.size(),
                results.stream()
                        .filter(result -> result.verdict() == Verdict.INCONCLUSIVE)
                        .count());
    }

    private static String words(ExpectationResult one) {
        return one.verdict().label() + " (" + one.arm().label() + "): "
                + one.expectation().statement() + ": " + one.observed();
    }

    private static List<RunResult> run(Sandbox sandbox, RunListener listener) throws InterruptedException {
        List<Experiment> experiments = Catalogue.all().stream()
                .filter(one -> ALL || QUICK.contains(one.story().name()))
                .toList();
        List<RunResult> results = Collections.synchronizedList(new ArrayList<>());
        RunRequest request = new RunRequest(experiments, ALL ? Map.of() : SMALL, Map.of(), sandbox, 1, false, 1);
        new Runner(sandbox, listener).run(Preflight.prepare(request), results::add);
        return results;
    }
}
