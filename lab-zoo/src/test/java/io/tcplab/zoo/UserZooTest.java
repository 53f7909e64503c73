package io.tcplab.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.causes.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who isn't root, with programs of his own. */
@Tag("slow")
class UserZooTest {
    /** One for each thing that it takes to see: descriptors, threads' calls, epolls, and nothing at all. */
    private static final List<String> VISITED = List.of(
            "python threads that forget close()",
            "node with reading paused",
            "python whose child inherits the descriptor",
            "asyncio with a pool in use");

    /** Visits them, and prints what it has found. Its argument is a folder for their files. */
    static final class Visitor {
        private Visitor() {}

        public static void main(String[] arguments) throws Exception {
            for (Specimen specimen : visited()) {
                try (Habitat habitat = new Habitat(Files.createTempDirectory(Path.of(arguments[0]), "visit"))) {
                    specimen.setup().in(habitat);
                    Diagnosis diagnosis = Diagnostician.diagnose(specimen.target(habitat), Duration.ofSeconds(2));
                    System.out.println(specimen + ": "
                            + diagnosis.findings().stream().map(Finding::cause).toList() + ", conclusive: "
                            + diagnosis.conclusive());
                }
            }
        }
    }

    @Test
    void findsTheSame(@TempDir Path folder) throws Exception {
        String output = visit(folder, "unshare", "--user", "--map-root-user");
        assertThat(visited())
                .hasSameSizeAs(VISITED)
                .allSatisfy(specimen ->
                        assertThat(output).contains(specimen + ": " + specimen.causes() + ", conclusive: true"));
    }

    private static List<Specimen> visited() {
        return Stream.of(CloseWait.specimens(), Healthy.specimens())
                .flatMap(specimens -> specimens)
                .filter(specimen -> VISITED.contains(specimen.name()))
                .toList();
    }

    private static String visit(Path folder, String... wrapper) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Visitor.class.getName(),
                folder.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
