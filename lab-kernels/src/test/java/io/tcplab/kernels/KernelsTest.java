package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernel a name means. */
class KernelsTest {
    @TempDir
    private Path root = Path.of("");

    private Kernels kernels = Kernels.here();

    @BeforeEach
    void machine() throws IOException {
        kernels = new Kernels(root.resolve("boot"), root.resolve("lib/modules"), root.resolve("cache"));
        install(root, "6.1.0-9-amd64");
        install(root, "6.1.0-50-amd64");
        install(root.resolve("cache/6.12.95+deb12-amd64"), "6.12.95+deb12-amd64");
    }

    @Test
    void aVersionIsTheNewestOfItAndNotAnotherThatBeginsTheSame() {
        assertThat(kernels.find("6.1").release()).isEqualTo("6.1.0-50-amd64");
        assertThat(kernels.find("6.1.0-9-amd64").release()).isEqualTo("6.1.0-9-amd64");
        assertThat(kernels.find("6.12"))
                .returns("6.12.95+deb12-amd64", Kernel::release)
                .returns(Kernel.Origin.FETCHED, Kernel::origin);
    }

    @Test
    void aFileTellsItsReleaseAndFindsItsModulesBesideIt() {
        Path image = root.resolve("cache/6.12.95+deb12-amd64/boot/vmlinuz-6.12.95+deb12-amd64");
        Kernel kernel = kernels.find(image.toString());
        assertThat(kernel.release()).isEqualTo("6.12.95+deb12-amd64");
        assertThat(kernel.modules())
                .contains(root.resolve("cache/6.12.95+deb12-amd64/lib/modules/6.12.95+deb12-amd64"));
    }

    @Test
    void whatIsNoKernelNamesTheNextStep() throws IOException {
        assertThatThrownBy(() -> kernels.find("5.15")).hasMessageContaining("`lab kernels --fetch 5.15` gets one");
        assertThatThrownBy(() -> kernels.find("latest")).hasMessageContaining("name a version such as 6.1");
        Path text = Files.writeString(root.resolve("text"), "no kernel");
        assertThatThrownBy(() -> kernels.find(text.toString())).hasMessageContaining("no kernel that x86 boots");
        assertThatThrownBy(() -> kernels.find(root + "/nothing")).hasMessageContaining("there is no file");
        assertThatThrownBy(() -> kernels.find(root.resolve("boot/vmlinuz-6.1.0-9-amd64") + ":" + text.getParent()))
                .hasMessageContaining("holds no modules of 6.1.0-9-amd64");
    }

    @Test
    void distributionsNameTheirOwnPackages() {
        assertThat(Distribution.of("ID=ubuntu\nID_LIKE=debian\n").toInstall(Distribution.Program.BUSYBOX))
                .isEqualTo("sudo apt-get install busybox-static");
        assertThat(Distribution.of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n")
                        .toInstall(Distribution.Program.QEMU))
                .isEqualTo("sudo dnf install qemu-system-x86-core");
        assertThat(Distribution.of("ID=nixos\n").toInstall(Distribution.Program.DEPMOD))
                .contains("package manager");
    }

    @Test
    void aNewerKernelThanDebianHasComesFromItsBackports() {
        Distribution bookworm = Distribution.of(
                "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        List<String> known = List.of("6.1.0-50-amd64");
        assertThat(Packages.unknown("6.12", known, bookworm, "release n=bookworm-security"))
                .contains("no package of a kernel 6.12 on Debian GNU/Linux 12 (bookworm); it has 6.1.0-50-amd64")
                .contains("echo 'deb http://deb.debian.org/debian bookworm-backports main' | sudo tee")
                .endsWith("sudo apt-get update");
        assertThat(List.of(
                        Packages.unknown("5.15", known, bookworm, ""), // backports have nothing older
                        Packages.unknown("6.99", known, bookworm, "release n=bookworm-backports"),
                        Packages.unknown("6.12", known, Distribution.of("ID=debian\nVERSION_CODENAME=forky\n"), ""),
                        Packages.unknown("6.12", known, Distribution.of("ID=ubuntu\nVERSION_CODENAME=noble\n"), "")))
                .allMatch(message -> message.contains("--kernel FOLDER/boot/vmlinuz-"))
                .noneMatch(message -> message.contains("sources.list.d"));
    }

    /** A file with the header that a boot loader reads, and nothing else. */
    private static void install(Path root, String release) throws IOException {
        byte[] image = new byte[0x1000];
        System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, image, 0x202, 4);
        image[0x20f] = 0x04; // the version stands at 0x400 + 0x200
        byte[] version = (release + " (somebody@somewhere) #1 SMP").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, image, 0x600, version.length);
        Files.createDirectories(root.resolve("boot"));
        Files.createDirectories(root.resolve("lib/modules").resolve(release));
        Files.write(root.resolve("boot/vmlinuz-" + release), image);
    }
}
