package io.tcplab.cli.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program as it is installed.
 *
 * @param lab {@code scripts/lab}, or a link to it
 */
record Installation(Path lab) {
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final String SCRIPT = "scripts/lab";

    /** The checkout that is being built. */
    static Installation checkout() {
        return new Installation(CHECKOUT.resolve(SCRIPT));
    }

    /**
     * A copy of the script and of what it starts, in a folder that every user can enter but only root can write. The
     * checkout itself may lie where an ordinary user can't go.
     */
    static Installation copiedTo(Path folder) throws IOException {
        Path root = folder.resolve("tcp lab"); // a space, as some folders have
        for (String script : List.of(SCRIPT, "scripts/launch", "scripts/setup")) {
            copy(CHECKOUT.resolve(script), root.resolve(script));
        }
        try (Stream<Path> files = Files.walk(CHECKOUT.resolve("lab-cli/target/lab"))) {
            files.filter(Files::isRegularFile).forEach(file -> copy(file, root.resolve(CHECKOUT.relativize(file))));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Installation(root.resolve(SCRIPT));
    }

    /** The same, started through a symbolic link. */
    Installation linkedFrom(Path link) throws IOException {
        return new Installation(Files.createSymbolicLink(link, lab));
    }

    /** With its times, by which the AOT cache knows its jars. */
    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
