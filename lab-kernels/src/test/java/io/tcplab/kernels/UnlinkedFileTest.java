package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlinkedFileTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path folder = Path.of("");

    @Test
    void othersCanOpenItThoughItHasNoName() throws IOException {
        try (UnlinkedFile file = UnlinkedFile.in(folder, CONTENT)) {
            assertThat(folder).isEmptyDirectory();
            assertThat(Files.readAllBytes(file.path())).isEqualTo(CONTENT);
        }
    }
}
