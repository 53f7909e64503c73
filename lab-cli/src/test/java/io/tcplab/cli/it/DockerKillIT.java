package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * SIGKILL at any moment of a run in containers: none goes on running, and the next lab takes what the engine keeps, a container that
 * wasn't started yet and a network.
 *
 * <p>Here one moment; {@code scripts/torture docker} takes 20, by a seed that it prints.
 */
@Tag("docker")
@ResourceLock("containers")
class DockerKillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STEP = Integer.getInteger("lab.torture", 0);
    private static final int MOMENTS = STEP > 0 ? Math.max(1, 20 / STEP) : 1;
    private static final int MILLIS = 6_000;

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void leavesNothingAtARandomMoment() throws Exception {
        long seed = Long.getLong("lab.seed", System.nanoTime());
        Random random = new Random(seed);
        int found = 0;
        List<String> killed = new ArrayList<>();
        for (int i = 0; i < MOMENTS; i++) {
            String owner;
            try (Program run = Program.start(temporary, "run", "close-wait-leak", "--sandbox", "docker")) {
                owner = ownedBy(run);
                killed.add(owner);
                if (random
                        .nextBoolean()) { // else at its start, which a busy machine may not be past after all that time
                    await().atMost(PATIENCE)
                            .until(() -> !lines("docker", "ps", "-aq", "--filter", ownedBy(run))
                                    .isEmpty());
                }
                run.endsWithin(Duration.ofMillis(random.nextInt(MILLIS)));
                found += lines("docker", "ps", "-aq", "--filter", owner).size();
            } // killed
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lines("docker", "ps", "-q", "--filter", owner))
                            .as("running, seed " + seed)
                            .isEmpty());
        }
        try (Program doctor = Program.start(temporary, "doctor")) {
            doctor.awaitEnd();
        }
        for (String owner : killed) {
            assertThat(lines("docker", "ps", "-aq", "--filter", owner))
                    .as("containers, seed " + seed)
                    .isEmpty();
            assertThat(lines("docker", "network", "ls", "-q", "--filter", owner))
                    .as("networks, seed " + seed)
                    .isEmpty();
        }
        System.out.printf(
                "docker: close-wait-leak at %d moments, seed %d: %d containers were there, nothing is left%n",
                MOMENTS, seed, found);
    }

    private static String ownedBy(Program run) {
        return "label=io.tcplab.owner.pid=" + run.pid();
    }

    /** What Docker's own client says: another witness than the library that the lab uses. */
    private static List<String> lines(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().toList();
    }
}
