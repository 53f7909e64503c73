package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.report.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that the user gives.
 *
 * @param option as the user typed it, for error messages
 */
record InputFile(String option, Path path) {
    /** All of it. */
    ByteBuffer bytes() {
        if (Files.isDirectory(path)) {
            throw new UsageException(option + " " + path + " is a directory. Give a file.");
        }
        try {
            return ByteBuffer.wrap(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UsageException(option + ": can't read " + path + ": " + FileErrors.reason(e), e);
        }
    }

    /** Its last part, as reports name it. */
    String name() {
        return String.valueOf(path.getFileName());
    }
}
