package io.tcplab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/** What the kernel's counters of TCP count, in a few words; {@code counters.properties} names the functions that move them. */
final class CounterMeanings {
    private static final Properties MEANINGS = read();

    private CounterMeanings() {}

    /** Of a counter by its name in nstat(8); empty if it isn't known. */
    static String of(String name) {
        return MEANINGS.getProperty(name, "");
    }

    private static Properties read() {
        try (InputStream file = CounterMeanings.class.getResourceAsStream("counters.properties")) {
            Properties meanings = new Properties();
            meanings.load(
                    new InputStreamReader(Objects.requireNonNull(file, "counters.properties"), StandardCharsets.UTF_8));
            return meanings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
