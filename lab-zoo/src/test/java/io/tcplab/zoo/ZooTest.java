package io.tcplab.zoo;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.junit.Role;
import io.tcplab.kernel.sockets.TcpState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each specimen's state is brought about and diagnosed: its own causes are found, and no other. */
@Tag("slow")
class ZooTest {
    private static final Duration WINDOW = Duration.ofSeconds(3);

    /** Enough for a flood, if they were one. */
    private static final int QUIET = 30;

    static Stream<Specimen> specimens() {
        return Stream.of(
                        Flowing.specimens(),
                        CloseWait.specimens(),
                        Opening.specimens(),
                        Closing.specimens(),
                        Ports.specimens(),
                        LabServers.specimens(),
                        Golang.specimens(),
                        JavaPrograms.specimens(),
                        Postgres.specimens(),
                        Prefork.specimens(),
                        Relays.specimens(),
                        Supervised.specimens(),
                        Healthy.specimens())
                .flatMap(specimens -> specimens);
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void isDiagnosed(Specimen specimen, @TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            specimen.setup().in(habitat);
            requireCauses(specimen, Diagnostician.diagnose(specimen.target(habitat), specimen.window()), habitat);
        }
    }

    /** The kernel knows that they are no flood, and why they wait. */
    @Test
    void clientsThatSayNothingToADeferringServer(@TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            habitat.server("python3", ProgramFolder.program("ports.py"), "defer", "0.0.0.0", "8000");
            habitat.pool(QUIET, "keep", "");
            habitat.server().haveExactly(QUIET, TcpState.SYN_RECV).within(Habitat.PATIENCE);
            Diagnosis diagnosis =
                    diagnosis(new Target.PortInside(habitat.cell().server().namespace(), Habitat.PORT));
            assertThat(diagnosis.findings()).as(diagnosis.text()).isEmpty();
            assertThat(diagnosis.observations())
                    .anyMatch(line -> line.startsWith("accept-deferred (certain): " + QUIET + " handshakes"));
        }
    }

    /** The supervisor has the listeners of both, as systemd has everybody's. */
    @Test
    void aServiceIsNotBlamedForOthersOfItsSupervisor(@TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            habitat.server("python3", ProgramFolder.program("supervisor.py"), "8000", "8001");
            habitat.run("python3", ProgramFolder.program("pool.py"), habitat.address(), "8001", "8", "end", "");
            assertThat(habitat.cell().server())
                    .onPort(8001)
                    .haveExactly(8, CLOSE_WAIT)
                    .within(Habitat.PATIENCE);
            List<Integer> services = ProcessHandle.of(habitat.pid(Role.SERVER))
                    .orElseThrow()
                    .children()
                    .map(service -> Math.toIntExact(service.pid()))
                    .sorted()
                    .toList();
            assertThat(services).hasSize(2);
            Diagnosis good = diagnosis(new Target.OfProcess(services.getFirst()));
            assertThat(good.findings()).as(good.text()).isEmpty();
            Diagnosis bad = diagnosis(new Target.OfProcess(services.getLast()));
            assertThat(bad.findings()).as(bad.text()).extracting(Finding::cause).containsExactly("eof-read-not-closed");
        }
    }

    /** By the process that has the trouble, where the port would do as well. */
    @ParameterizedTest
    @MethodSource("io.tcplab.zoo.CloseWait#specimens")
    void isDiagnosedByPid(Specimen specimen, @TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            specimen.setup().in(habitat);
            Target process = new Target.OfProcess(habitat.pid(specimen.patient()));
            requireCauses(specimen, Diagnostician.diagnose(process, specimen.window()), habitat);
        }
    }

    private static Diagnosis diagnosis(Target target) throws InterruptedException {
        return Diagnostician.diagnose(target, WINDOW);
    }

    private static void requireCauses(Specimen specimen, Diagnosis diagnosis, Habitat habitat) {
        assertThat(diagnosis.findings().stream().map(Finding::cause).collect(Collectors.toSet()))
                .as(() -> specimen + "\n" + diagnosis.text() + habitat.log())
                .isEqualTo(specimen.causes());
        String text = diagnosis.text().replaceAll("\\s+", " ");
        assertThat(specimen.told()).allSatisfy(words -> assertThat(text).contains(words));
    }
}
