package io.tcplab.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Kernels that apt knows: Debian's and Ubuntu's. They are fetched and unpacked, not installed, so an ordinary user can. */
public final class Packages {
    private static final String PREFIX = "linux-image-";
    private static final Pattern KERNEL = Pattern.compile("linux-image-(\\d+\\.\\d+\\S*-(amd64|generic|lowlatency))");
    /** Without 9p, and with what no guest of ours needs. */
    private static final Pattern OTHER = Pattern.compile(".*(-cloud-|-rt-|dbg|unsigned).*");

    private static final String BY_HAND =
            "A newer or older one may be in the distribution's backports; or unpack its package by hand, and name the file: --kernel FOLDER/boot/vmlinuz-…";
    private static final int MOST_NAMED = 6;
    private static final int LAST_LINES = 3;

    private final Path cache;

    /** Keeps what it fetches there. */
    public Packages(Path cache) {
        this.cache = cache;
    }

    /** {@code ~/.cache/tcp-lab/kernels}, or below XDG_CACHE_HOME. */
    public static Path userCache() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = cache.isEmpty()
                ? Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home")), ".cache")
                : Path.of(cache);
        return base.resolve("tcp-lab/kernels");
    }

    /** The releases that apt has packages of, the newest first; none where there is no apt. */
    public List<String> known() {
        return Programs.ask("apt-cache", "pkgnames", PREFIX)
                .orElse("")
                .lines()
                .map(KERNEL::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .filter(release -> !OTHER.matcher(release).matches())
                .sorted(KernelVersion.ORDER.reversed())
                .toList();
    }

    /** The package of a release. */
    public static String packageOf(String release) {
        return PREFIX + release;
    }

    /**
     * Fetches the newest kernel of a version, unless it is there.
     *
     * @param told hears what is being done, each second or so
     * @throws KernelsException if apt has none, or it couldn't be fetched; nothing is left then
     */
    public Kernel fetch(String version, Consumer<String> told) throws InterruptedException {
        if (Programs.find("apt-get").isEmpty()) {
            throw new KernelsException(
                    "there is no apt-get here, and the lab fetches by it. Unpack a kernel's package by hand, and name its file: --kernel FOLDER/boot/vmlinuz-…");
        }
        Path depmod = Programs.find("depmod")
                .orElseThrow(() -> new KernelsException(
                        "depmod is missing: " + Distribution.current().toInstall(Distribution.Program.DEPMOD)));
        String release = known().stream()
                .filter(known -> KernelVersion.matches(known, version))
                .findFirst()
                .orElseThrow(() -> unknown(version));
        Kernels kernels = new Kernels(Path.of("/boot"), Path.of("/lib/modules"), cache);
        Optional<Kernel> there = fetched(kernels, release);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            unpack(release, depmod, told);
        } catch (IOException e) {
            throw new KernelsException(
                    "%s couldn't be fetched into %s: %s".formatted(packageOf(release), cache, e.getMessage()), e);
        }
        return fetched(kernels, release)
                .orElseThrow(() -> new KernelsException(packageOf(release) + " holds no kernel " + release));
    }

    private static Optional<Kernel> fetched(Kernels kernels, String release) {
        return kernels.fetched().stream()
                .filter(kernel -> kernel.release().equals(release))
                .findFirst();
    }

    private KernelsException unknown(String version) {
        return new KernelsException(unknown(
                version,
                known(),
                Distribution.current(),
                Programs.ask("apt-cache", "policy").orElse("")));
    }

    /**
     * Says that there is no such kernel, and how to get it.
     *
     * @param sources what {@code apt-cache policy} lists
     */
    static String unknown(String version, List<String> known, Distribution distribution, String sources) {
        return "apt has no package of a kernel %s on %s; %s. %s"
                .formatted(
                        version,
                        distribution.name(),
                        known.isEmpty()
                                ? "apt lists no kernels at all: sudo apt-get update"
                                : "it has "
                                        + String.join(
                                                ", ",
                                                known.stream().limit(MOST_NAMED).toList()),
                        distribution
                                .backports()
                                .filter(suite -> !sources.contains(suite) && isNewer(version, known))
                                .map(Packages::addBackports)
                                .orElse(BY_HAND));
    }

    /** Backports are newer than what the release has. */
    private static boolean isNewer(String version, List<String> known) {
        return !known.isEmpty() && known.stream().allMatch(each -> KernelVersion.ORDER.compare(version, each) > 0);
    }

    private static String addBackports(String suite) {
        return """
                %s has newer kernels, and isn't among apt's sources. Add it, and fetch again:
                  echo 'deb http://deb.debian.org/debian %<s main' | sudo tee /etc/apt/sources.list.d/backports.list
                  sudo apt-get update""".formatted(suite);
    }

    /** In a folder beside its place, and moved there when all is whole. */
    private void unpack(String release, Path depmod, Consumer<String> told) throws IOException, InterruptedException {
        Files.createDirectories(cache);
        Path begun = Files.createTempDirectory(cache, ".fetching");
        try {
            Path packages = Files.createDirectory(begun.resolve("packages"));
            Path root = Files.createDirectory(begun.resolve("root"));
            List<String> download =
                    new ArrayList<>(List.of("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download"));
            download.addAll(packagesOf(release));
            run(download, packages, "fetching " + packageOf(release), told);
            for (Path each : entries(packages)) {
                run(
                        List.of("dpkg-deb", "-x", each.toString(), root.toString()),
                        begun,
                        "unpacking " + each.getFileName(),
                        told);
            }
            if (!Files.exists(root.resolve("lib")) && Files.isDirectory(root.resolve("usr/lib/modules"))) {
                Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib")); // where depmod looks
            }
            run(List.of(depmod.toString(), "-b", root.toString(), release), begun, "listing its modules", told);
            Files.move(root, cache.resolve(release));
        } finally {
            delete(begun);
        }
    }

    /** Ubuntu has the modules in packages of their own. */
    private static List<String> packagesOf(String release) {
        List<String> packages = new ArrayList<>(List.of(packageOf(release)));
        for (String more : List.of("linux-modules-" + release, "linux-modules-extra-" + release)) {
            if (Programs.ask("apt-cache", "pkgnames", more).orElse("").lines().anyMatch(more::equals)) {
                packages.add(more);
            }
        }
        return packages;
    }

    private static void run(List<String> command, Path directory, String what, Consumer<String> told)
            throws IOException, InterruptedException {
        Path log = directory.resolveSibling(".log");
        List<String> tied = new ArrayList<>(Tied.to(command.toArray(String[]::new)));
        Process process = new ProcessBuilder(tied)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long start = System.nanoTime();
        told.accept(what);
        try {
            while (!process.waitFor(1, TimeUnit.SECONDS)) {
                told.accept("%s, %d s".formatted(what, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)));
            }
            if (process.exitValue() != 0) {
                throw new IOException("`%s` said: %s"
                        .formatted(String.join(" ", command), String.join("; ", new Tail(log).last(LAST_LINES))));
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
            Files.deleteIfExists(log);
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
