package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files under {@code src/test/resources} that seal what reports look like. With {@code GOLDEN=write} in the environment
 * they are written anew; what changed in them is then for a review to see.
 */
final class Golden {
    private static final boolean WRITES = "write".equals(System.getenv("GOLDEN"));

    private Golden() {}

    static void assertSame(String file, String actual) throws IOException {
        if (WRITES) {
            Files.writeString(Path.of("src/test/resources/io/tcplab/report", file), actual);
            return;
        }
        assertThat(actual).as("as in " + file).isEqualTo(read(file));
    }

    static String read(String file) throws IOException {
        try (InputStream golden = Objects.requireNonNull(Golden.class.getResourceAsStream(file), file)) {
            return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
