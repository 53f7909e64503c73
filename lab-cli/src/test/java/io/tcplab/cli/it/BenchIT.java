package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That the referee works; what it says of speed is for a quiet machine. */
@Tag("slow")
class BenchIT {
    private static final Path TCP_MEM = Path.of("/proc/sys/net/ipv4/tcp_mem");
    private static final Path BENCH =
            Path.of("..", "scripts", "bench").toAbsolutePath().normalize();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aStormIsComparedWithThePlainPair() throws IOException, InterruptedException {
        JsonNode json = bench("storm", "--rounds", "1", "--seconds", "1", "--only", "epoll,wrk,ab");
        assertThat(folder.resolve("out"))
                .content()
                .contains("| no payload |", "| C pair, epoll |", "| lab, epoll |", "| wrk, C server |");
        assertThat(json.get("trials"))
                .hasSize(6)
                .allSatisfy(trial -> assertThat(trial.get("rate").asDouble()).isPositive());
    }

    @Test
    void aPlanRestsOnWhatWasMeasured() throws IOException, InterruptedException {
        JsonNode json =
                bench("scale --rounds 1 --clients 1,2 --rate 200 --warm 100 --count 100 --sockets 2000".split(" "));
        assertThat(folder.resolve("out"))
                .content()
                .contains(
                        "| kernel's memory for one, of 2,000 |",
                        "| clients, each 200/s |",
                        "| 1,000,000 connections/s: clients",
                        "| 100,000,000 CLOSE_WAIT: memory");
        assertThat(json.get("ports"))
                .extracting(JsonNode::asInt)
                .as("of one address each, and of two")
                .containsExactly(500, 2000);
        assertThat(json.get("runs")).hasSize(4).allSatisfy(run -> {
            assertThat(run.get("server").asDouble()).isPositive();
            assertThat(run.get("uncounted").asInt()).isZero();
        });
    }

    @Test
    void connectionsLeakAndAreCounted() throws IOException, InterruptedException {
        start(0, List.of("leak", "2000"));
        assertThat(folder.resolve("out")).content().contains("CLOSE_WAIT, by ss: 2,000\n", "a count: ");
    }

    /** Each has an unread FIN, and all programs of this host share the memory for it. */
    @Test
    void thisHostsMemoryForTcpIsNotSetUnasked() throws IOException, InterruptedException {
        String before = Files.readString(TCP_MEM);
        start(64, List.of("leak", "9999999"));
        assertThat(folder.resolve("out")).content().contains("--raise-tcp-mem");
        assertThat(TCP_MEM).content().isEqualTo(before);
    }

    private JsonNode bench(String... arguments) throws IOException, InterruptedException {
        Path json = folder.resolve("bench.json");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--json", json.toString()));
        start(0, all);
        return JsonMapper.shared().readTree(json);
    }

    private void start(int code, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(BENCH.toString()));
        command.addAll(arguments);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isEqualTo(code);
    }
}
