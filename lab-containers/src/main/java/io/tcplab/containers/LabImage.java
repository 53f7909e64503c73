package io.tcplab.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The image that containers are made of, and which build of the lab it holds. {@code scripts/image} makes it. */
public final class LabImage {
    /** What it is called, unless the variable LAB_IMAGE says otherwise. */
    public static final String NAME = Optional.ofNullable(System.getenv("LAB_IMAGE"))
            .filter(name -> !name.isBlank())
            .orElse("tcplab/lab:dev");

    /** Label: the digest of the program inside. */
    static final String BUILD = "io.tcplab.build";

    /** Next to lab.jar: the digest of all its jars, as the build writes it. */
    private static final String BUILD_FILE = "build.sha256";

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

    static String build(Path home) {
        try {
            return Files.readString(home.resolve(BUILD_FILE)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the program was built without " + BUILD_FILE + "; build it again", e);
        }
    }
}
