package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That the referee works; what it says of speed is for a quiet machine. */
@Tag("slow")
class BenchIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aStormIsComparedWithThePlainPair() throws IOException, InterruptedException {
        Path json = folder.resolve("storm.json");
        Path out = folder.resolve("out");
        Path bench = Path.of("..", "scripts", "bench").toAbsolutePath().normalize();
        String[] command = {bench.toString(), "storm", "--rounds", "1", "--seconds", "1", "--json", json.toString()};
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(out)
                .content()
                .contains("| no payload |", "| C pair, epoll |", "| lab, epoll |", "| wrk, C server |");
        assertThat(process.exitValue()).isZero();
        JsonNode trials = JsonMapper.shared().readTree(json).get("trials");
        assertThat(trials)
                .hasSize(10)
                .allSatisfy(trial -> assertThat(trial.get("rate").asDouble()).isPositive());
    }
}
