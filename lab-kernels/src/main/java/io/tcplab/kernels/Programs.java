package io.tcplab.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
final class Programs {
    /** Where an ordinary user's PATH doesn't lead, and depmod is. */
    private static final List<String> MORE = List.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin");

    private Programs() {}

    /** Where it is, if it is. */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), MORE.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** What it writes to standard output; empty if it isn't there or fails. For short answers. */
    static Optional<String> ask(String... command) {
        return find(command[0]).flatMap(program -> {
            try {
                return Optional.of(output(List.of(command)));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** The bytes that it writes to standard output. */
    static byte[] bytes(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try (InputStream out = process.getInputStream()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            out.transferTo(all);
            int code = process.onExit().join().exitValue();
            if (code != 0) {
                throw new IOException("`%s` ended with %d".formatted(String.join(" ", command), code));
            }
            return all.toByteArray();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String output(List<String> command) throws IOException {
        return new String(bytes(command), StandardCharsets.UTF_8);
    }
}
