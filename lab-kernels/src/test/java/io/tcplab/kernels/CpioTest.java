package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lab writes, GNU cpio reads. */
class CpioTest {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void cpioUnpacksWhatWasPut() throws Exception {
        byte[] odd = "three".getBytes(StandardCharsets.UTF_8); // neither name nor content ends at a multiple of four
        byte[] archive = new Cpio()
                .directory("bin")
                .file("bin/busybox", 0755, odd)
                .file("empty", 0600, new byte[0])
                .link("bin/sh", "busybox")
                .characterDevice("console", 5, 1)
                .finish();
        assertThat(cpio(archive, "-t")).isEqualTo("bin\nbin/busybox\nempty\nbin/sh\nconsole\n");
        assertThat(cpio(archive, "-tvn"))
                .containsPattern("drwxr-xr-x .* 0 +0 .* bin\n")
                .containsPattern("-rwxr-xr-x .* 5 .* bin/busybox\n")
                .containsPattern("lrwxrwxrwx .* bin/sh -> busybox\n")
                .containsPattern("crw------- .* 5, +1 .* console\n");
        Path to = Files.createDirectory(temporary.resolve("to"));
        cpio(archive, "-i", "-D", to.toString(), "bin", "bin/*", "empty");
        assertThat(to.resolve("bin/busybox")).hasBinaryContent(odd);
        assertThat(to.resolve("empty")).isEmptyFile();
        assertThat(Files.readSymbolicLink(to.resolve("bin/sh"))).hasToString("busybox");
    }

    private String cpio(byte[] archive, String... arguments) throws IOException, InterruptedException {
        Path file = Files.write(temporary.resolve("archive"), archive);
        Path out = temporary.resolve("out");
        String[] command = new String[arguments.length + 2];
        command[0] = "cpio";
        command[1] = "--quiet";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        int code = new ProcessBuilder(command)
                .redirectInput(file.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        assertThat(code).isZero();
        return Files.readString(out);
    }
}
