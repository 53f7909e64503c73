package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.report.FileErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file of settings that is to be read, not applied.
 *
 * @param name as the user typed it; {@code -} is standard input
 */
record SettingsSource(String name) {
    private static final String STANDARD_INPUT = "-";

    /** Its text. Bytes that aren't UTF-8, in a comment say, don't matter. */
    String read() {
        try {
            byte[] bytes = name.equals(STANDARD_INPUT) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("can't read " + name + ": " + FileErrors.reason(e), e);
        } catch (InvalidPathException e) {
            throw new UsageException("\"" + name + "\" isn't a valid file name: " + e.getReason(), e);
        }
    }
}
