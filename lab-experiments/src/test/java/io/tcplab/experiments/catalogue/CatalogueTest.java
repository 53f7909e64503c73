package io.tcplab.experiments.catalogue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.cell.NamespaceSandbox;
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
        Verdicts.assertConfirmed(result(name, false));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefutedWithoutItsFault(String name) {
        Verdicts.assertRefuted(result(name, true));
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
