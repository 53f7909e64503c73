package io.tcplab.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each specimen's state is brought about and diagnosed: its own causes are found, and no other. */
class ZooTest {
    private static final Duration WINDOW = Duration.ofSeconds(3);

    static Stream<Specimen> specimens() {
        return Stream.of(CloseWait.specimens(), Healthy.specimens()).flatMap(specimens -> specimens);
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void isDiagnosed(Specimen specimen, @TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            specimen.setup().in(habitat);
            Target target = new Target.PortInside(
                    habitat.cell().host(specimen.patient()).namespace(), Habitat.PORT);
            Diagnosis diagnosis = Diagnostician.diagnose(target, WINDOW);
            assertThat(diagnosis.findings().stream().map(Finding::cause).collect(Collectors.toSet()))
                    .as(() -> specimen + "\n" + diagnosis.text() + habitat.log())
                    .isEqualTo(specimen.causes());
        }
    }
}
