package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** The image that the tests use: it must hold the program as it was packaged last. */
final class Image {
    private static final Path PROGRAM = Path.of("../lab-cli/target/lab");

    private Image() {}

    /** Fails, saying what to do, where there is no engine, no image, or an old one. */
    static void require() {
        assertThat(Files.isRegularFile(PROGRAM.resolve("lab.jar")))
                .as("the program is packaged; these tests need its image: scripts/image")
                .isTrue();
        var labels = Engine.find().imageLabels(LabImage.NAME);
        assertThat(labels).as("image %s; scripts/image makes it", LabImage.NAME).isPresent();
        assertThat(labels.orElseThrow().get(LabImage.BUILD))
                .as("build in the image %s; scripts/image makes it anew", LabImage.NAME)
                .isEqualTo(LabImage.build(PROGRAM));
    }
}
