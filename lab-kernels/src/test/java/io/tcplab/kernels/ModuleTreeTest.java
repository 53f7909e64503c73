package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest loads, and in which order. */
class ModuleTreeTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void tree() throws IOException {
        // As depmod wrote it for Debian's 6.1.
        Files.writeString(folder.resolve("modules.dep"), """
                kernel/fs/9p/9p.ko: kernel/net/9p/9pnet.ko kernel/fs/fscache/fscache.ko kernel/fs/netfs/netfs.ko
                kernel/fs/fscache/fscache.ko: kernel/fs/netfs/netfs.ko
                kernel/fs/netfs/netfs.ko:
                kernel/net/9p/9pnet.ko:
                kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
                kernel/net/ipv4/tcp-diag.ko.zst:
                """);
        Files.writeString(folder.resolve("modules.builtin"), "kernel/drivers/virtio/virtio_pci.ko\n");
    }

    @Test
    void whatIsNeededComesFirstAndOnce() throws IOException {
        ModuleTree tree = ModuleTree.read(folder);
        assertThat(tree.closure(List.of("9pnet_virtio", "9p", "virtio_pci", "nothing")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "virtio.ko",
                        "virtio_ring.ko",
                        "9pnet.ko",
                        "9pnet_virtio.ko.xz",
                        "netfs.ko",
                        "fscache.ko",
                        "9p.ko");
    }

    @Test
    void knowsWhatIsBuiltInAndTakesDashesForUnderscores() throws IOException {
        ModuleTree tree = ModuleTree.read(folder);
        assertThat(tree.has("virtio-pci")).isTrue();
        assertThat(tree.has("tcp_diag")).isTrue();
        assertThat(tree.has("overlay")).isFalse();
    }

    @Test
    void aKernelWithoutOverlayCantBeBootedAndSaysSo() {
        Kernel kernel = new Kernel("6.1.0-50-cloud-amd64", folder, Optional.of(folder), Kernel.Origin.FILE);
        assertThatThrownBy(() -> Initramfs.modules(kernel))
                .isInstanceOf(KernelsException.class)
                .hasMessageContaining("it has no overlay")
                .hasMessageContaining("take its ordinary one");
    }

    @Test
    void aTreeWithoutItsListNamesTheCommandThatMakesOne() throws IOException {
        Path release = Files.createDirectories(folder.resolve("lib/modules/6.1.0"));
        assertThatThrownBy(() -> ModuleTree.read(release)).hasMessageContaining("depmod -b " + folder + " 6.1.0");
    }
}
