package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a connection costs the process that nobody closes: a leak experiment holds very many. */
class HeapTest {
    /** Measured: 163 to 179 bytes; as a Netty channel, 1,090. */
    @Test
    void aConnectionTakesAFifthOfAKilobyte() throws Exception {
        assertThat(bytesPerConnection("never-close")).isBetween(50L, 250L);
    }

    /**
     * With the options that {@code scripts/lab} starts the server with, but for a collector that collects all at once, and without
     * the megabytes that count as used as soon as a thread has set them apart for itself.
     */
    private static long bytesPerConnection(String behaviour) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+UseSerialGC",
                        "-XX:-UseTLAB",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dio.netty.customResourceLeakDetector=io.netty.util.LeakPresenceDetector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldConnections.class.getName(),
                        behaviour)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(printed);
    }
}
