package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Several labs on one host at the same time, which write into the same folder: each comes to its verdict, and none leaves
 * anything or takes away what is another's.
 *
 * <p>Here four; {@code scripts/torture together} has eight, with more experiments each.
 */
@Tag("slow")
class LabsAtOnceIT {
    private static final boolean LONG = Integer.getInteger("lab.torture", 0) > 0;
    private static final int LABS = LONG ? 8 : 4;
    private static final List<String> EXPERIMENTS = LONG
            ? List.of("three-way-handshake", "close-wait-leak", "linger-reset", "simultaneous-open")
            : List.of("three-way-handshake");

    @Test
    void eachComesToItsVerdictAndNothingIsLeft() throws Exception {
        try (World world = World.create()) {
            List<String> before = world.contents();
            long begun = System.nanoTime();
            List<Process> labs = new ArrayList<>();
            for (int i = 0; i < LABS; i++) {
                List<String> arguments = new ArrayList<>(List.of("run"));
                arguments.addAll(EXPERIMENTS);
                labs.add(world.lab(arguments.toArray(String[]::new))
                        .redirectErrorStream(true)
                        .start());
            }
            for (Process lab : labs) {
                String said = new String(lab.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(lab.waitFor()).as(said).isZero();
                assertThat(said).contains(EXPERIMENTS.size() + " confirmed");
            }
            System.out.printf(
                    "together: %d labs with %d experiments each: all confirmed, in %.1f s%n",
                    LABS, EXPERIMENTS.size(), (System.nanoTime() - begun) / 1e9);
            assertThat(world.output("sh", "-c", "ls -d lab-results/2* | wc -l; readlink lab-results/latest")
                            .lines())
                    .hasSize(2)
                    .startsWith("" + LABS);
            World.await(() -> world.processes().isEmpty());
            List<String> left = new ArrayList<>(world.contents());
            before.forEach(left::remove);
            left.removeIf(line -> line.matches(".* /tmp/(work/lab-results|home)/.*"));
            assertThat(left).isEmpty();
        }
    }
}
