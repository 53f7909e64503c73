package io.tcplab.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kernel's modules as depmod knows them: {@code modules.dep} and {@code modules.builtin}, see modules.dep(5). */
final class ModuleTree {
    private final Path folder;
    private final Map<String, Entry> modules = new HashMap<>();
    private final Set<String> builtIn;

    /** A module's file, and what must be loaded before it, in that order. */
    private record Entry(String file, List<String> before) {}

    private ModuleTree(Path folder, Set<String> builtIn) {
        this.folder = folder;
        this.builtIn = builtIn;
    }

    /**
     * Reads a tree.
     *
     * @param folder such as {@code /lib/modules/6.1.0-50-amd64}
     */
    static ModuleTree read(Path folder) throws IOException {
        Path dependencies = folder.resolve("modules.dep");
        if (!Files.isReadable(dependencies)) {
            throw new KernelsException(
                    "%s has no modules.dep, so what a module needs isn't known. Make it: depmod -b %s %s"
                            .formatted(folder, base(folder), folder.getFileName()));
        }
        ModuleTree tree = new ModuleTree(
                folder,
                lines(folder.resolve("modules.builtin")).map(ModuleTree::name).collect(Collectors.toUnmodifiableSet()));
        lines(dependencies).forEach(tree::add);
        return tree;
    }

    /** Whether a folder is a kernel's modules. */
    static boolean isOne(Path folder) {
        return Files.isReadable(folder.resolve("modules.dep"));
    }

    /** Whether the kernel has it, in itself or as a file. */
    boolean has(String module) {
        return builtIn.contains(normal(module)) || modules.containsKey(normal(module));
    }

    /** The files of these modules and of all that they need, in the order in which they must be loaded. What is built in has none. */
    List<Path> closure(Collection<String> names) {
        Set<String> files = new LinkedHashSet<>();
        for (String name : names) {
            Entry entry = modules.get(normal(name));
            if (entry != null) {
                files.addAll(entry.before());
                files.add(entry.file());
            }
        }
        return files.stream().map(folder::resolve).toList();
    }

    /** depmod writes the nearest dependency first, so they are loaded from the end. */
    private void add(String line) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            return;
        }
        String file = line.substring(0, colon);
        List<String> before =
                new ArrayList<>(Stream.of(line.substring(colon + 1).trim().split(" "))
                        .filter(each -> !each.isEmpty())
                        .toList());
        modules.put(name(file), new Entry(file, before.reversed()));
    }

    private static Stream<String> lines(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readAllLines(file).stream() : Stream.empty();
    }

    /** {@code kernel/fs/9p/9p.ko.xz} is {@code 9p}. */
    private static String name(String file) {
        return normal(file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.ko(\\.\\w+)?$", ""));
    }

    /** The kernel takes one for the other. */
    private static String normal(String name) {
        return name.replace('-', '_');
    }

    private static Path base(Path folder) {
        Path lib = folder.toAbsolutePath().getParent() == null
                ? folder
                : folder.toAbsolutePath().getParent().getParent();
        return lib == null || lib.getParent() == null ? Path.of("/") : lib.getParent();
    }
}
