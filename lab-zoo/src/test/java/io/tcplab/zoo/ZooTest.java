package io.tcplab.zoo;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each specimen's state is brought about and diagnosed: its own causes are found, and no other. */
class ZooTest {
    static Stream<Specimen> specimens() {
        return Stream.of(CloseWait.specimens(), Healthy.specimens()).flatMap(specimens -> specimens);
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void isDiagnosed(Specimen specimen, @TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            specimen.setup().in(habitat);
        }
    }
}
