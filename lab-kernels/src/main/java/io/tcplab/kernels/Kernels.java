package io.tcplab.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernels that this machine has: those below {@code /boot}, those that were fetched, and any file.
 *
 * @param boot where a distribution puts kernels
 * @param modules where it puts their modules
 * @param cache where {@link Packages} puts what it fetches
 */
public record Kernels(Path boot, Path modules, Path cache) {
    private static final String IMAGE = "vmlinuz-";

    /** This machine's, and this user's cache. */
    public static Kernels here() {
        return new Kernels(Path.of("/boot"), Path.of("/lib/modules"), Packages.userCache());
    }

    /** Those below /boot that have their modules, the newest first. What only root may read is there, too. */
    public List<Kernel> installed() {
        return images(boot)
                .map(image ->
                        new Kernel(release(image), image, modulesOf(release(image), modules), Kernel.Origin.INSTALLED))
                .sorted(newestFirst())
                .toList();
    }

    /** Those in the cache, the newest first. */
    public List<Kernel> fetched() {
        return entries(cache)
                .filter(folder -> !folder.getFileName().toString().startsWith("."))
                .flatMap(folder -> images(folder.resolve("boot"))
                        .map(image -> new Kernel(
                                release(image),
                                image,
                                modulesOf(release(image), folder.resolve("lib/modules")),
                                Kernel.Origin.FETCHED)))
                .sorted(newestFirst())
                .toList();
    }

    /**
     * The kernel that a user means.
     *
     * @param name a file, with a slash in it, and after a colon the folder of its modules if they aren't beside it; or a version such as
     *     6.1, which is the newest 6.1 there is, or a whole release
     * @throws KernelsException if there is none
     */
    public Kernel find(String name) {
        if (name.contains("/")) {
            return file(name);
        }
        if (!KernelVersion.isOne(name)) {
            throw new KernelsException(
                    "%s is no kernel: name a version such as 6.1, a file such as /boot/vmlinuz-6.1.0-50-amd64, or host"
                            .formatted(name));
        }
        return Stream.concat(installed().stream(), fetched().stream())
                .filter(kernel -> KernelVersion.matches(kernel.release(), name))
                .filter(kernel -> Files.isReadable(kernel.image()))
                .min(newestFirst())
                .orElseThrow(() -> new KernelsException(
                        "this machine has no kernel %s that this user may read. `lab kernels --fetch %s` gets one without installing it; `lab kernels` lists what is available"
                                .formatted(name, name)));
    }

    private Kernel file(String name) {
        int colon = name.indexOf(':');
        Path image = Path.of(colon < 0 ? name : name.substring(0, colon))
                .toAbsolutePath()
                .normalize();
        String release = releaseOf(image);
        if (colon >= 0) {
            Path folder = Path.of(name.substring(colon + 1)).toAbsolutePath().normalize();
            return new Kernel(
                    release,
                    image,
                    Optional.of(modulesOf(release, folder)
                            .or(() -> Optional.of(folder).filter(ModuleTree::isOne))
                            .orElseThrow(() -> new KernelsException(
                                    "%s holds no modules of %s: there is no modules.dep in it, nor in a folder %s of it"
                                            .formatted(folder, release, release)))),
                    Kernel.Origin.FILE);
        }
        Path beside = image.resolveSibling("../lib/modules").normalize();
        return new Kernel(
                release, image, modulesOf(release, beside).or(() -> modulesOf(release, modules)), Kernel.Origin.FILE);
    }

    private static String releaseOf(Path image) {
        try {
            return KernelImage.release(image)
                    .orElseThrow(() -> new KernelsException(
                            image + " is no kernel that x86 boots: a file such as /boot/vmlinuz-6.1.0-50-amd64 is"));
        } catch (NoSuchFileException | java.io.FileNotFoundException e) {
            throw new KernelsException(
                    Files.exists(image)
                            ? image + " can't be read by this user; as root it can"
                            : "there is no file " + image,
                    e);
        } catch (AccessDeniedException e) {
            throw new KernelsException(image + " can't be read by this user; as root it can", e);
        } catch (IOException e) {
            throw new KernelsException(image + " can't be read: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> modulesOf(String release, Path parent) {
        return Optional.of(parent.resolve(release)).filter(Files::isDirectory);
    }

    private static Stream<Path> images(Path folder) {
        return entries(folder).filter(file -> file.getFileName().toString().startsWith(IMAGE));
    }

    private static String release(Path image) {
        return image.getFileName().toString().substring(IMAGE.length());
    }

    private static Comparator<Kernel> newestFirst() {
        return Comparator.comparing(Kernel::release, KernelVersion.ORDER.reversed());
    }

    private static Stream<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
