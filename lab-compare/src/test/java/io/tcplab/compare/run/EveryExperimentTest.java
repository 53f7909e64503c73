package io.tcplab.compare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.run.MeasuredRun;
import io.tcplab.experiments.run.Measuring;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each experiment of the catalogue can be measured, and yields every measure that it names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class EveryExperimentTest {
    /** The longest would take a minute otherwise. */
    private static final Map<Role, Map<String, String>> SHORTER =
            Map.of(Role.SERVER, Map.of("net.ipv4.tcp_synack_retries", "1"));

    private final NamespaceSandbox sandbox = new NamespaceSandbox();
    private final Measuring measuring = new Measuring(sandbox, new RunListener() {});
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
    private Map<String, Future<MeasuredRun>> runs = Map.of();

    static List<String> names() {
        return Catalogue.names();
    }

    @BeforeAll
    void runAll() {
        runs = Catalogue.all().stream()
                .collect(Collectors.toMap(
                        experiment -> experiment.story().name(),
                        experiment -> threads.submit(() -> measure(experiment))));
    }

    @AfterAll
    void end() {
        threads.close();
    }

    @ParameterizedTest
    @MethodSource("names")
    void yieldsItsMeasures(String name) throws Exception {
        MeasuredRun run = Objects.requireNonNull(runs.get(name)).get();
        assertThat(run.problem()).isEmpty();
        assertThat(run.measurements().keySet())
                .containsAll(Catalogue.byName(name).measures().stream()
                        .map(Measure::name)
                        .toList());
    }

    private MeasuredRun measure(Experiment experiment) throws InterruptedException {
        boolean shorter = experiment.story().name().equals("lost-final-ack");
        PreparedRun run = Preflight.prepareToMeasure(
                new RunRequest(List.of(experiment), Map.of(), shorter ? SHORTER : Map.of(), sandbox, 1, false, 1));
        return measuring.run(run, Map.of());
    }
}
