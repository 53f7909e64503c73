package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.limits.KernelRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The kernel that is to take a value.
 *
 * @param release tells why it lacks a sysctl, but not whether: stable kernels and distributions take sysctls over from
 *     later ones
 * @param files whether it has a sysctl, in the namespace of the thread that asks
 * @param glob which sysctls it has, there, that a line's pattern stands for
 */
record RunningKernel(KernelRelease release, Predicate<SysctlName> files, Function<SysctlLine, List<SysctlName>> glob) {
    private static final Path ROOT = Path.of("/proc/sys");
    /** No namespace but the machine's first one has it (net/core/sysctl_net_core.c: it is in no per-netns table). */
    private static final SysctlName OF_HOST = SysctlName.parse("net.core.netdev_max_backlog");

    /** One that has no more than the catalogue, and maybe less. */
    RunningKernel(KernelRelease release, Predicate<SysctlName> files) {
        this(
                release,
                files,
                line -> SysctlCatalogue.knobs().stream()
                        .map(knob -> SysctlName.parse(knob.name()))
                        .filter(name -> files.test(name) && line.covers(name))
                        .toList());
    }

    static RunningKernel current() {
        return new RunningKernel(
                KernelRelease.current(), name -> Files.isRegularFile(Path.of(name.path())), RunningKernel::walk);
    }

    /** Whether the namespace of the thread that asks is the machine's first one, which shows what is the host's. */
    boolean showsHost() {
        return has(OF_HOST);
    }

    /**
     * Which sysctls a line's pattern stands for, in order.
     *
     * @throws java.util.regex.PatternSyntaxException if it is no pattern
     */
    List<SysctlName> matching(SysctlLine pattern) {
        return glob.apply(pattern);
    }

    boolean has(SysctlName name) {
        return files.test(name);
    }

    /** What the namespace of the calling thread has; empty if it lacks it, or doesn't let this user read it. */
    static Optional<String> value(SysctlName name) {
        if (!Files.isReadable(Path.of(name.path()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProcFile.read(name.path()).strip());
        } catch (KernelException e) {
            return Optional.empty(); // such as one that can only be written
        }
    }

    private static List<SysctlName> walk(SysctlLine pattern) {
        List<Path> found = List.of(ROOT);
        for (String part : pattern.name().parts()) {
            Predicate<String> matches = Glob.of(part);
            found = found.stream()
                    .flatMap(directory -> entries(directory).stream())
                    .filter(entry -> matches.test(String.valueOf(entry.getFileName())))
                    .toList();
        }
        return found.stream()
                .filter(Files::isRegularFile)
                .map(file ->
                        new SysctlName(List.of(ROOT.relativize(file).toString().split("/", -1))))
                .toList();
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
