package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernels.Accelerator;
import io.tcplab.kernels.Guest;
import io.tcplab.kernels.GuestJob;
import io.tcplab.kernels.GuestListener;
import io.tcplab.kernels.GuestMachine;
import io.tcplab.kernels.GuestOutcome;
import io.tcplab.kernels.Kernel;
import io.tcplab.kernels.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A leaking server on another kernel, diagnosed and watched there. */
@Tag("kernels")
class DiagnoseOnKernelIT {
    private static final Path LAB = Path.of("target/lab").toAbsolutePath();
    private static final String JAVA =
            "%s/bin/java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Djava.library.path=%s/native -jar %2$s/lab.jar"
                    .formatted(System.getProperty("java.home"), LAB);
    private static final String SCRIPT = """
            set -e
            /.tcp-lab/busybox ip link set lo up
            $lab server --behaviour never-close --bind 127.0.0.1 --port 19000 >server.log 2>&1 &
            until ss -Hltn sport = 19000 | grep -q LISTEN; do sleep 0.2; done
            $lab client --target 127.0.0.1:19000 --load short-lived --count 5 >client.log 2>&1
            until [ "$(ss -Htn state close-wait sport = 19000 | wc -l)" = 5 ]; do sleep 0.2; done
            $lab diagnose --port 19000 --for 5s --json diagnosis.json >diagnosis.log 2>&1 || echo $? >diagnosis.code
            $lab watch --port 19000 --for 5s >watch.log 2>&1 || true
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLeakIsFoundAndSeen() throws Exception {
        Kernel kernel = Kernels.here().find(KernelsIT.KERNEL);
        Path own = Files.createDirectory(folder.resolve("own"));
        GuestJob job = new GuestJob(
                List.of("sh", "-c", "cd " + GuestJob.OUT + "\nlab='" + JAVA + "'\n" + SCRIPT),
                Path.of("/"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8"),
                4096,
                own.toAbsolutePath(),
                Duration.ofMinutes(5));
        GuestOutcome outcome = new Guest(kernel, job, GuestMachine.here(1), new Quiet()).run();
        assertThat(outcome).isEqualTo(new GuestOutcome.Ended(0));
        assertThat(own.resolve("diagnosis.code"))
                .as(Files.readString(own.resolve("diagnosis.log")))
                .hasContent("1\n");
        JsonNode findings = JsonMapper.builder()
                .build()
                .readTree(Files.readString(own.resolve("diagnosis.json")))
                .get("findings");
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.get("cause").asString()).isEqualTo("eof-read-not-closed");
            assertThat(finding.get("sockets").asInt()).isEqualTo(5);
        });
        assertThat(own.resolve("watch.log")).content().contains("CLOSE_WAIT");
    }

    private static final class Quiet implements GuestListener {
        @Override
        public void booting(Accelerator accelerator) {}

        @Override
        public void note(String text) {}

        @Override
        public void started(double seconds) {}

        @Override
        public void said(String line) {}
    }
}
