package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.catalogue.Verdicts;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole catalogue in containers: what needs no wire has the verdict that it has in namespaces, what needs one says so. */
@Tag("docker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerCatalogueTest {
    /** What the runs don't set themselves, so that it differs on the two hosts as it does in no other sandbox by itself. */
    private static final String ORPHANS = "net.ipv4.tcp_orphan_retries";

    private static final List<String> CHEAP = List.of("half-close", "linger-reset", "close-with-unread-data");

    private final DockerSandbox sandbox = new DockerSandbox();
    private final Map<String, RunResult> results = new ConcurrentHashMap<>();
    private final Map<String, RunResult> withoutFault = new ConcurrentHashMap<>();

    @BeforeAll
    void runAll() throws InterruptedException {
        Image.require();
        List<PreparedRun> runs = Stream.concat(
                        prepare(Catalogue.all(), false).stream(),
                        prepare(CHEAP.stream().map(Catalogue::byName).toList(), true).stream())
                .toList();
        new Runner(sandbox, new io.tcplab.experiments.run.RunListener() {
                    @Override
                    public void finished(PreparedRun run, RunResult result) {
                        (run.withoutFault() ? withoutFault : results).put(run.name(), result);
                    }
                })
                .run(runs, result -> {});
    }

    static List<String> withoutWire() {
        return Stream.of(Catalogue.all())
                .flatMap(List::stream)
                .filter(experiment -> !needsWire(experiment))
                .map(experiment -> experiment.story().name())
                .toList();
    }

    static List<String> withWire() {
        return Catalogue.names().stream()
                .filter(name -> !withoutWire().contains(name))
                .toList();
    }

    static List<String> cheap() {
        return CHEAP;
    }

    @ParameterizedTest
    @MethodSource("withoutWire")
    void isConfirmed(String name) {
        RunResult result = result(results, name);
        Verdicts.assertConfirmed(result);
        assertThat(result.sysctls().get(Role.CLIENT)).containsEntry(ORPHANS, "3");
        assertThat(result.sysctls().get(Role.SERVER)).containsEntry(ORPHANS, "5");
    }

    @ParameterizedTest
    @MethodSource("withWire")
    void saysWhyItCantRun(String name) {
        RunResult result = result(results, name);
        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reason()).isEqualTo(DockerSandbox.NO_WIRE);
    }

    @ParameterizedTest
    @MethodSource("cheap")
    void isRefutedWithoutItsFault(String name) {
        Verdicts.assertRefuted(result(withoutFault, name));
    }

    @Test
    void mostOfTheCatalogueRunsHere() {
        assertThat(withoutWire())
                .hasSizeGreaterThan(Catalogue.names().size() / 2)
                .contains("close-wait-leak");
    }

    private static boolean needsWire(Experiment experiment) {
        var knobs = io.tcplab.experiments.KnobValues.of(experiment.story().name(), experiment.knobs(), Map.of());
        return experiment.cell(knobs, true).link() == io.tcplab.experiments.cell.Link.WIRE;
    }

    private static RunResult result(Map<String, RunResult> results, String name) {
        assertThat(results).containsKey(name);
        return java.util.Objects.requireNonNull(results.get(name));
    }

    private List<PreparedRun> prepare(List<Experiment> experiments, boolean faultless) {
        Map<Role, Map<String, String>> sysctls =
                Map.of(Role.CLIENT, Map.of(ORPHANS, "3"), Role.SERVER, Map.of(ORPHANS, "5"));
        return Preflight.prepare(new RunRequest(experiments, Map.of(), sysctls, sandbox, 1, faultless, 1));
    }
}
