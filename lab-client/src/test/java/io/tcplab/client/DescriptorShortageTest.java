package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.transport.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code socket(2)} fails with EMFILE: those connections are counted as failed, the others live. */
@Tag("slow")
class DescriptorShortageTest {
    private static final int DESCRIPTORS = 160;

    @ParameterizedTest
    @EnumSource
    void socketsThatCannotBeMadeAreFailures(Transport transport) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShortClient.class.getName(),
                        transport.label())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).isZero();
        assertThat(said)
                .containsExactly(
                        "held: some, failures: EMFILE, in all: " + ShortClient.CONNECTIONS,
                        "released: completed what was held",
                        "afterwards: completed " + ShortClient.AFTERWARDS);
    }
}
