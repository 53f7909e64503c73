package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Files under {@code src/test/resources} that seal what the machine formats look like. */
final class Golden {
    private Golden() {}

    static void assertSame(String file, String actual) throws IOException {
        assertThat(actual).as("as in " + file).isEqualTo(read(file));
    }

    static String read(String file) throws IOException {
        try (InputStream golden = Objects.requireNonNull(Golden.class.getResourceAsStream(file), file)) {
            return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
