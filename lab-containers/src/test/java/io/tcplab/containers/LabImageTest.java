package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabImageTest {
    @Test
    void theBuildIsWhatItsMakerWrote(@TempDir Path home) throws IOException {
        assertThatThrownBy(() -> LabImage.build(home))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("build it again");
        Files.writeString(home.resolve("build.sha256"), "c0ffee\n");
        assertThat(LabImage.build(home)).isEqualTo("c0ffee");
    }
}
