package io.tcplab.kernels;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What a guest's kernel starts from: a busybox, the modules without which it reaches nothing, and two scripts. */
final class Initramfs {
    /** Without these there is no root to start anything from. */
    private static final List<String> NEEDED = List.of("virtio_pci", "9pnet_virtio", "9p", "overlay");

    /**
     * What the experiments ask the kernel for. Some kernels load these by themselves, but only where the machine has modprobe. One
     * that a kernel lacks leaves what needs it inconclusive, as on any machine.
     */
    private static final List<String> WANTED = List.of(
            "af_packet",
            "unix",
            "ipv6",
            "veth",
            "tun",
            "inet_diag",
            "tcp_diag",
            "mptcp_diag",
            "sch_htb",
            "sch_tbf",
            "sch_netem",
            "sch_fq",
            "sch_fq_codel",
            "tcp_bbr",
            "tcp_dctcp",
            "nf_tables",
            "virtio_rng");

    private static final int CONSOLE_MAJOR = 5;
    private static final int CONSOLE_MINOR = 1;

    private Initramfs() {}

    /**
     * The modules to load, in order; what is built into the kernel isn't among them.
     *
     * @throws KernelsException if the kernel can't do without one that it lacks
     */
    static List<Path> modules(Kernel kernel) throws IOException {
        if (kernel.modules().isEmpty()) {
            return List.of(); // then all must be built in; the guest will tell
        }
        ModuleTree tree = ModuleTree.read(kernel.modules().get());
        List<String> lacking =
                NEEDED.stream().filter(module -> !tree.has(module)).toList();
        if (!lacking.isEmpty()) {
            throw new KernelsException(
                    "Linux %s can't be booted here: it has no %s. Kernels that a distribution makes for clouds lack 9p; take its ordinary one"
                            .formatted(kernel.release(), String.join(", ", lacking)));
        }
        List<String> names = new ArrayList<>(NEEDED);
        names.addAll(WANTED);
        return tree.closure(names);
    }

    /**
     * Builds it.
     *
     * @param busybox a static one
     * @param start the script that runs in the machine's files, see {@link StartScript}
     */
    static byte[] build(Kernel kernel, Path busybox, String start) throws IOException {
        List<Path> modules = modules(kernel);
        Cpio cpio = new Cpio();
        for (String folder : List.of("bin", "dev", "lower", "modules", "proc", "root", "sys", "upper")) {
            cpio.directory(folder);
        }
        cpio.characterDevice("dev/console", CONSOLE_MAJOR, CONSOLE_MINOR);
        cpio.file("bin/busybox", 0755, Files.readAllBytes(busybox));
        StringBuilder order = new StringBuilder();
        for (Path module : modules) {
            String name = plainName(module);
            cpio.file("modules/" + name, 0644, unpacked(module));
            order.append(name).append('\n');
        }
        cpio.file("modules/order", 0644, bytes(order.toString()));
        cpio.file("start", 0755, bytes(start));
        cpio.file("init", 0755, init());
        return cpio.finish();
    }

    private static byte[] init() throws IOException {
        try (InputStream script = Objects.requireNonNull(Initramfs.class.getResourceAsStream("init"))) {
            return script.readAllBytes();
        }
    }

    private static String plainName(Path module) {
        return module.getFileName().toString().replaceFirst("\\.(xz|zst|gz)$", "");
    }

    /** busybox's insmod gives the kernel what is in the file, and most kernels unpack nothing. */
    private static byte[] unpacked(Path module) throws IOException {
        String name = module.getFileName().toString();
        byte[] content = Files.readAllBytes(module);
        if (name.endsWith(".gz")) {
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(content))) {
                return plain.readAllBytes();
            }
        }
        if (name.endsWith(".xz")) {
            return by("xz", module);
        }
        return name.endsWith(".zst") ? by("zstd", module) : content;
    }

    private static byte[] by(String program, Path module) throws IOException {
        Path found = Programs.find(program)
                .orElseThrow(
                        () -> new KernelsException("%s is packed, and there is no `%s` to unpack it; its package is %s"
                                .formatted(module, program, program.equals("xz") ? "xz-utils" : program)));
        return Programs.bytes(List.of(found.toString(), "-dc", module.toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
