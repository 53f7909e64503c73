package io.tcplab.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymlinksTest {
    @TempDir
    Path folder;

    private final Map<String, String> links = new HashMap<>();

    @Test
    void onlyLinksArePassed() throws Exception {
        Files.createSymbolicLink(folder.resolve("7"), Path.of("socket:[4711]"));
        Files.createSymbolicLink(folder.resolve("straße"), Path.of("/var/log/süd"));
        Files.createFile(folder.resolve("file"));
        Files.createDirectory(folder.resolve("folder"));
        assertThat(collect(folder)).isEqualTo(new SysResult(0, 0));
        assertThat(links).isEqualTo(Map.of("7", "socket:[4711]", "straße", "/var/log/süd"));
    }

    /** More than one answer of the kernel holds. */
    @Test
    void manyLinksArePassedOnceEach() throws Exception {
        int count = 5000;
        for (int link = 0; link < count; link++) {
            Files.createSymbolicLink(folder.resolve("link" + link), Path.of("target" + link));
        }
        assertThat(collect(folder).failed()).isFalse();
        assertThat(links).hasSize(count).containsEntry("link0", "target0").containsEntry("link4999", "target4999");
    }

    @Test
    void aFolderThatCannotBeListedTellsWhy() throws Exception {
        assertThat(collect(folder.resolve("missing")).error()).isEqualTo(Errno.ENOENT);
        assertThat(collect(Files.createFile(folder.resolve("file"))).error()).isEqualTo(Errno.ENOTDIR);
        assertThat(links).isEmpty();
    }

    private SysResult collect(Path from) {
        return Symlinks.forEach(
                from.toString(),
                (name, target) -> assertThat(links.put(
                                StandardCharsets.UTF_8.decode(name).toString(),
                                StandardCharsets.UTF_8.decode(target).toString()))
                        .isNull());
    }
}
