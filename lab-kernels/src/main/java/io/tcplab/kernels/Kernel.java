package io.tcplab.kernels;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A kernel that a guest can boot.
 *
 * @param release as {@code uname -r} will have it there: {@code 6.1.0-50-amd64}
 * @param image the file that a boot loader loads
 * @param modules the folder of its modules; empty if none was found, and then all must be in the kernel itself
 * @param origin where it was found
 */
public record Kernel(String release, Path image, Optional<Path> modules, Origin origin) {
    /** Whether this user can read it, and it has its modules. */
    public boolean isReady() {
        return Files.isReadable(image) && modules.filter(ModuleTree::isOne).isPresent();
    }

    /** Where a kernel comes from. */
    public enum Origin {
        /** Below /boot. */
        INSTALLED("installed"),
        /** Fetched by the lab into the user's cache. */
        FETCHED("fetched"),
        /** A file that the user named. */
        FILE("file");

        private final String label;

        Origin(String label) {
            this.label = label;
        }

        /** In words, for reports. */
        public String label() {
            return label;
        }
    }
}
