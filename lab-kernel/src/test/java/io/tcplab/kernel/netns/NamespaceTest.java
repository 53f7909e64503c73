package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NamespaceTest {
    @Test
    void actionsRunInside() {
        try (Namespace namespace = Namespace.create("test")) {
            String link = namespace.call(() ->
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
            assertThat(link).isEqualTo("net:[" + namespace.inode() + "]");
            assertThat(namespace.inode()).isNotEqualTo(Namespace.current().inode());
        }
    }
}
