package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabImageTest {
    @Test
    void theBuildIsWhatScriptsImageMakesOfIt(@TempDir Path home) throws IOException {
        Files.createDirectory(home.resolve("lib"));
        Files.writeString(home.resolve("lab.jar"), "program");
        Files.writeString(home.resolve("lib/b.jar"), "b");
        Files.writeString(home.resolve("lib/a-1.jar"), "a");
        Files.writeString(home.resolve("lib/B.jar"), "B");
        Files.writeString(home.resolve("lib/notes.txt"), "no jar");

        assertThat(LabImage.build(home)).isEqualTo(byTheShell(home));
    }

    private static String byTheShell(Path home) throws IOException {
        String script = "export LC_ALL=C; sha256sum -- lab.jar lib/*.jar | sha256sum | cut -d' ' -f1";
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
