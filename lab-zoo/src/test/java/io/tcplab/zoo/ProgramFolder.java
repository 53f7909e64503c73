package io.tcplab.zoo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Where a habitat's programs run: their files, and what they have written to standard output and error. */
final class ProgramFolder {
    private static final int LONGEST_LOG = 2_000;

    private final Path path;
    private final List<Path> logs = new ArrayList<>();

    ProgramFolder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** A file of the resources' folder programs/. */
    static String program(String name) {
        try {
            return Path.of(ProgramFolder.class.getResource("/programs/" + name).toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of a file of programs/, with what it leaves open filled in; PORT and FOLDER in any case. */
    Path copy(String name, UnaryOperator<String> filledIn) {
        try {
            String text = Files.readString(Path.of(program(name)))
                    .replace("PORT", Integer.toString(Habitat.PORT))
                    .replace("FOLDER", path.toString());
            return write(name, filledIn.apply(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For one more program to write to. */
    Path newLog(String program) {
        Path log = path.resolve(logs.size() + "-" + Path.of(program).getFileName() + ".log");
        logs.add(log);
        return log;
    }

    /** In how many logs a word is. */
    long logsWith(String word) {
        return logs.stream().filter(log -> read(log).contains(word)).count();
    }

    /** What the programs have written, the last of it where it is much. */
    String log() {
        return logs.stream().map(log -> log.getFileName() + ": " + read(log)).collect(Collectors.joining("\n"));
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.length() > LONGEST_LOG ? "… " + text.substring(text.length() - LONGEST_LOG) : text;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
