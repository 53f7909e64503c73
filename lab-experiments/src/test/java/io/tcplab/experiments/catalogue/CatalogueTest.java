package io.tcplab.experiments.catalogue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every experiment on the real kernel, as the user runs it and without its fault. Without the fault all that decides must
 * be refuted: an expectation that can't fail proves nothing. All run at the same time, as most of the time is waiting.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class CatalogueTest {
    private record Key(String experiment, boolean withoutFault) {}

    private final Map<Key, RunResult> results = new ConcurrentHashMap<>();

    static List<String> names() {
        return Catalogue.names();
    }

    @BeforeAll
    void runAll() throws InterruptedException {
        run(Stream.of(false, true)
                .flatMap(withoutFault -> prepare(withoutFault).stream())
                .toList());
    }

    @ParameterizedTest
    @MethodSource("names")
    void isConfirmed(String name) {
        RunResult result = result(name, false);
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.CONFIRMED);
        assertThat(result.expectations())
                // A busy kernel may lose events, and says so; the verdict doesn't rest on them.
                .allSatisfy(one -> assertThat(one.verdict()).as(one.toString()).isNotEqualTo(Verdict.REFUTED))
                .anySatisfy(one -> assertThat(one.arm()).isEqualTo(Arm.CONTROL));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefutedWithoutItsFault(String name) {
        RunResult result = result(name, true);
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.REFUTED);
        assertThat(result.expectations().stream().filter(ExpectationResult::decides))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.verdict()).as(one.toString()).isEqualTo(Verdict.REFUTED));
    }

    private RunResult result(String name, boolean withoutFault) {
        RunResult result = results.get(new Key(name, withoutFault));
        assertThat(result).as("%s has a result", name).isNotNull();
        return requireNonNull(result);
    }

    private static List<PreparedRun> prepare(boolean withoutFault) {
        return Preflight.prepare(
                new RunRequest(Catalogue.all(), Map.of(), Map.of(), new NamespaceSandbox(), 1, withoutFault, 1));
    }

    private void run(List<PreparedRun> runs) throws InterruptedException {
        RunListener collect = new RunListener() {
            @Override
            public void finished(PreparedRun run, RunResult result) {
                results.put(new Key(result.experiment(), run.withoutFault()), result);
            }
        };
        new Runner(new NamespaceSandbox(), collect).run(runs, result -> {});
    }
}
