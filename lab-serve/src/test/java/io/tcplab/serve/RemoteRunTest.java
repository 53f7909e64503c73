package io.tcplab.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.kernel.limits.Obstacle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment in a process of its own, as an ordinary user's is. */
@Tag("slow")
class RemoteRunTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void itIsWatchedToItsVerdict() {
        try (RemoteRun run = start("close-wait-leak", Map.of("connections", "100"))) {
            await().atMost(PATIENCE).until(() -> count(run, "CLOSE_WAIT") == 100);
            assertThat(run.view().state()).isEqualTo("running");
            await().atMost(PATIENCE).until(() -> !run.isRunning());
            assertThat(run.view().verdict()).isEqualTo("confirmed");
            assertThat(run.view().state()).isEqualTo("ended");
            assertThat(run.view().expectations()).isNotEmpty();
            assertThat(Path.of(run.view().results())).isDirectoryContaining("glob:**/result.json");
        }
    }

    @Test
    void itIsStoppedBeforeItsEnd() {
        try (RemoteRun run = start("close-wait-leak", Map.of("connections", "100", "fin-timeout", "60"))) {
            await().atMost(PATIENCE).until(() -> count(run, "CLOSE_WAIT") == 100);
            run.stop();
            await().atMost(PATIENCE).until(() -> !run.isRunning());
            assertThat(run.view().reason()).isEqualTo("stopped before its end");
        }
    }

    @Test
    void itEndsWithThePage() {
        RemoteRun run = start("close-wait-leak", Map.of());
        run.close();
        assertThat(run.isRunning()).isFalse();
    }

    @Test
    void aMistakeIsExplainedAsByLabRun() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> start("close-wait-leak", Map.of("connections", "many")))
                .withMessageContaining("knob connections=many: must be a whole number");
    }

    @Test
    void aProcessThatEndsAtOnceIsAMistakeToo() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> RemoteRun.start(order("half-close", Map.of()), List.of("false"), () -> {}))
                .withMessageContaining("the experiment's process");
    }

    @Test
    void whereUserNamespacesAreForbiddenTheNextStepIsGiven() {
        Stage stage = Stage.inUserNamespace(
                new NamespaceSandbox(), List.of(new Obstacle("user.max_user_namespaces is 0", "sudo sysctl -w …")));
        assertThat(stage.unavailable())
                .hasValueSatisfying(why ->
                        assertThat(why).contains("user.max_user_namespaces is 0: sudo sysctl -w …", "--sandbox host"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> stage.start("half-close", Map.of(), temporary, () -> {}))
                .withMessageContaining("user.max_user_namespaces is 0");
    }

    private RemoteRun start(String experiment, Map<String, String> settings) {
        return RemoteRun.start(order(experiment, settings), RunProcess.inUserNamespace(), () -> {});
    }

    private RunProcess.Order order(String experiment, Map<String, String> settings) {
        return new RunProcess.Order(experiment, settings, "namespaces", temporary.toString());
    }

    private static int count(RemoteRun run, String state) {
        return run.hosts().stream()
                .mapToInt(host -> host.states().getOrDefault(state, 0))
                .max()
                .orElse(0);
    }
}
