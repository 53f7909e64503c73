package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Programs at work, all at once and each in a cell of its own: in a minute, nothing is found. */
@Tag("slow")
@Isolated("fifteen programs at work take what there is of the processors")
class LoadedTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int AT_LEAST = 12;

    /** So many may start at once. */
    private static final Semaphore STARTING = new Semaphore(3);

    @Test
    void nothingIsFoundInAMinute(@TempDir Path folder) throws Exception {
        List<Specimen> specimens = Loaded.specimens().toList();
        assertThat(specimens).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        // PostgreSQL isn't root, and has its data below.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(specimens.size())) {
            for (Specimen specimen : specimens) {
                Path own = Files.createDirectory(folder.resolve("specimen" + all.size()));
                all.add(threads.submit(() -> {
                    requireNothing(specimen, own);
                    return null;
                }));
            }
        }
        assertThat(all.stream()
                        .filter(one -> one.state() == Future.State.FAILED)
                        .map(Future::exceptionNow))
                .isEmpty();
    }

    private static void requireNothing(Specimen specimen, Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            start(specimen, habitat);
            Diagnosis diagnosis = Diagnostician.diagnose(specimen.target(habitat), MINUTE);
            assertThat(diagnosis.findings())
                    .as(() -> specimen + "\n" + diagnosis.text() + habitat.log())
                    .isEmpty();
            assertThat(habitat.log()).as("%s works to the end", specimen).doesNotContain("Traceback", "Exception");
        }
    }

    private static void start(Specimen specimen, Habitat habitat) throws Exception {
        STARTING.acquire();
        try {
            specimen.setup().in(habitat);
            habitat.clients().haveAtLeast(1, ESTABLISHED, TIME_WAIT).within(Habitat.PATIENCE);
        } finally {
            STARTING.release();
        }
    }
}
