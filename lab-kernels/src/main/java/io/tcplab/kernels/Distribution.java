package io.tcplab.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose packages this machine has.
 *
 * @param name as a person says it: Debian GNU/Linux 12 (bookworm)
 * @param family how packages are installed
 * @param backports the suite in which a release of Debian gets newer kernels: bookworm-backports. Others have no such suite
 */
record Distribution(String name, Family family, Optional<String> backports) {
    private static final Distribution UNKNOWN = new Distribution("this distribution", Family.OTHER, Optional.empty());

    /** Programs that guests need, or the lab to get kernels. */
    enum Program {
        QEMU,
        BUSYBOX,
        SETPRIV,
        DEPMOD
    }

    /** Those that install in the same way. */
    enum Family {
        DEBIAN("sudo apt-get install ", "qemu-system-x86", "busybox-static", "util-linux", "kmod"),
        FEDORA("sudo dnf install ", "qemu-system-x86-core", "busybox", "util-linux", "kmod"),
        SUSE("sudo zypper install ", "qemu-x86", "busybox-static", "util-linux", "kmod"),
        ARCH("sudo pacman -S ", "qemu-system-x86", "busybox", "util-linux", "kmod"),
        ALPINE("sudo apk add ", "qemu-system-x86_64", "busybox-static", "setpriv", "kmod"),
        OTHER("install with your package manager: ", "qemu-system-x86_64", "busybox (static)", "util-linux", "kmod");

        private final String installer;
        private final String qemu;
        private final String busybox;
        private final String setpriv;
        private final String depmod;

        Family(String installer, String qemu, String busybox, String setpriv, String depmod) {
            this.installer = installer;
            this.qemu = qemu;
            this.busybox = busybox;
            this.setpriv = setpriv;
            this.depmod = depmod;
        }

        private String packageOf(Program program) {
            return switch (program) {
                case QEMU -> qemu;
                case BUSYBOX -> busybox;
                case SETPRIV -> setpriv;
                case DEPMOD -> depmod;
            };
        }
    }

    /** Of this machine. */
    static Distribution current() {
        for (String file : List.of("/etc/os-release", "/usr/lib/os-release")) {
            try {
                return of(Files.readString(Path.of(file)));
            } catch (IOException e) {
                // the other one, then
            }
        }
        return UNKNOWN;
    }

    /** By the content of os-release(5). */
    static Distribution of(String osRelease) {
        List<String> ids = Stream.concat(
                        Stream.of(value(osRelease, "ID")),
                        Stream.of(value(osRelease, "ID_LIKE").split(" ")))
                .toList();
        String name = value(osRelease, "PRETTY_NAME");
        return new Distribution(name.isEmpty() ? UNKNOWN.name() : name, family(ids), backports(osRelease));
    }

    /** Debian's testing and unstable have none, and no VERSION_ID. */
    private static Optional<String> backports(String osRelease) {
        String codename = value(osRelease, "VERSION_CODENAME");
        return value(osRelease, "ID").equals("debian")
                        && !value(osRelease, "VERSION_ID").isEmpty()
                        && !codename.isEmpty()
                ? Optional.of(codename + "-backports")
                : Optional.empty();
    }

    /** The command that installs a program. */
    String toInstall(Program program) {
        return family.installer + family.packageOf(program);
    }

    private static Family family(List<String> ids) {
        for (String id : ids) {
            switch (id) {
                case "debian", "ubuntu" -> {
                    return Family.DEBIAN;
                }
                case "fedora", "rhel", "centos" -> {
                    return Family.FEDORA;
                }
                case "suse", "opensuse" -> {
                    return Family.SUSE;
                }
                case "arch" -> {
                    return Family.ARCH;
                }
                case "alpine" -> {
                    return Family.ALPINE;
                }
                default -> {}
            }
        }
        return Family.OTHER;
    }

    private static String value(String osRelease, String key) {
        return osRelease
                .lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("");
    }
}
