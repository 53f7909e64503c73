package io.tcplab.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The image that containers are made of, and which build of the lab it holds. {@code scripts/image} makes it. */
public final class LabImage {
    /** What it is called, unless the variable LAB_IMAGE says otherwise. */
    public static final String NAME = Optional.ofNullable(System.getenv("LAB_IMAGE"))
            .filter(name -> !name.isBlank())
            .orElse("tcplab/lab:dev");

    /** Label: SHA-256 of what {@code sha256sum lab.jar lib/*.jar} prints of the program inside. */
    static final String BUILD = "io.tcplab.build";

    private LabImage() {}

    /**
     * Why containers of this image aren't of this build; empty if they are, or if this program isn't a packaged one and so has
     * no build that could be compared.
     */
    static Optional<String> problem(Map<String, String> labels) {
        return problem(NAME, labels);
    }

    /** As {@link #problem(Map)}, of an image of another name. */
    public static Optional<String> problem(String name, Map<String, String> labels) {
        return home().map(LabImage::build)
                .filter(build -> !build.equals(labels.get(BUILD)))
                .map(build ->
                        "the image %s comes from another build of the lab. Rebuild it: scripts/image".formatted(name));
    }

    /** The folder with lab.jar and lib/, if that is where this class comes from. */
    private static Optional<Path> home() {
        try {
            Path jar = Path.of(LabImage.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Optional.ofNullable(jar.getParent())
                    .map(Path::getParent)
                    .filter(home -> Files.isRegularFile(home.resolve("lab.jar")));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has a location that is none", e);
        }
    }

    /** As scripts/image computes it. */
    static String build(Path home) {
        try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
            List<String> names = Stream.concat(
                            Stream.of("lab.jar"),
                            libraries
                                    .map(library -> "lib/" + library.getFileName())
                                    .filter(name -> name.endsWith(".jar"))
                                    .sorted())
                    .toList();
            String sums = String.join(
                    "",
                    names.parallelStream()
                            .map(name -> sha256(home.resolve(name)) + "  " + name + "\n")
                            .toList());
            return hex(digest(), sums.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the program's own jars", e);
        }
    }

    private static String sha256(Path file) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            int read;
            while ((read = in.read(buffer)) >= 0) {
                digest.update(buffer, 0, read);
            }
            return hex(digest, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the program's own jars", e);
        }
    }

    private static String hex(MessageDigest digest, byte[] last) {
        return HexFormat.of().formatHex(digest.digest(last));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
