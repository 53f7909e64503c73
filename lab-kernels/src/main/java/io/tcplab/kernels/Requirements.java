package io.tcplab.kernels;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that guests need. */
public final class Requirements {
    private static final String QEMU = "qemu-system-x86_64";
    private static final List<String> BUSYBOXES = List.of("busybox", "busybox.static", "busybox-static");

    /**
     * A program that is missing.
     *
     * @param program its name
     * @param remedy the command that installs it
     */
    public record Missing(String program, String remedy) {}

    private Requirements() {}

    /** What is missing; empty if guests can be started. */
    public static List<Missing> missing() {
        List<Missing> missing = new ArrayList<>();
        if (!System.getProperty("os.arch").equals("amd64")) {
            missing.add(
                    new Missing("a processor of x86-64", "guests run on no other yet; take a machine that has one"));
        }
        if (Programs.find(QEMU).isEmpty()) {
            missing.add(new Missing(QEMU, Distribution.current().toInstall(Distribution.Program.QEMU)));
        }
        if (staticBusybox().isEmpty()) {
            missing.add(
                    new Missing("a static busybox", Distribution.current().toInstall(Distribution.Program.BUSYBOX)));
        }
        if (Programs.find("setpriv").isEmpty()) {
            missing.add(new Missing("setpriv", Distribution.current().toInstall(Distribution.Program.SETPRIV)));
        }
        return List.copyOf(missing);
    }

    static Path qemu() {
        return Programs.find(QEMU).orElseThrow(() -> lacking(QEMU));
    }

    static Path busybox() {
        return staticBusybox().orElseThrow(() -> lacking("a static busybox"));
    }

    private static KernelsException lacking(String program) {
        return new KernelsException(missing().stream()
                .filter(each -> each.program().equals(program))
                .map(each -> "%s is missing: %s".formatted(each.program(), each.remedy()))
                .findFirst()
                .orElse(program + " is missing"));
    }

    private static Optional<Path> staticBusybox() {
        return BUSYBOXES.stream()
                .flatMap(name -> Programs.find(name).stream())
                .filter(Files::isReadable)
                .filter(Requirements::isStatic)
                .findFirst();
    }

    /** A dynamic one names its loader (PT_INTERP of elf(5)), which an initramfs doesn't have. */
    private static boolean isStatic(Path program) {
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "r")) {
            return !Elf.hasInterpreter(file);
        } catch (IOException e) {
            return false;
        }
    }
}
