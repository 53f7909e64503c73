package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that the user may want a report in.
 *
 * @param option as the user typed it, for error messages
 * @param path null if the option wasn't given: nothing is checked or written
 */
record OutputFile(String option, @Nullable Path path) {

    /** Says before anything starts that it couldn't be written at the end; an existing file stays as it is until then. */
    void check() {
        if (path == null) {
            return;
        }
        Path folder = path.toAbsolutePath().getParent();
        String problem = "";
        if (Files.isDirectory(path)) {
            problem = "is a directory";
        } else if (Files.exists(path) && !Files.isWritable(path)) {
            problem = "isn't writable";
        } else if (folder != null && !Files.isDirectory(folder)) {
            problem = "is in " + folder + ", which doesn't exist";
        } else if (!Files.exists(path) && folder != null && !Files.isWritable(folder)) {
            problem = "is in " + folder + ", which isn't writable";
        }
        if (!problem.isEmpty()) {
            throw new UsageException(option + " " + path + " " + problem + ". Give another file.");
        }
    }

    /** Writes it in UTF-8, in place of what it held. */
    void write(Content content) throws Exception {
        if (path == null) {
            return;
        }
        try (Writer to = Files.newBufferedWriter(path)) {
            content.write(to);
        }
    }

    /** What goes into it. */
    @FunctionalInterface
    interface Content {
        void write(Writer to) throws Exception;
    }
}
