package io.tcplab.kernel.limits;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What runs this machine's instructions. */
public final class Processor {
    private static final Path ABOUT = Path.of("/proc/cpuinfo");
    /** The first processor's name is within it; a machine may have hundreds. */
    private static final int BEGINNING = 1024;
    /** As QEMU names its emulated ones of x86: target/i386/cpu.c, "QEMU TCG CPU version 2.5+". */
    private static final String X86_NAME = "QEMU TCG";

    /** Those of Arm have no name, but a maker that no real one has, and a part number: MIDR_EL1 of QEMU's max, target/arm/cpu64.c. */
    private static final String ARM_MAKER = "CPU implementer\t: 0x00\n";

    private static final String ARM_PART = "CPU part\t: 0x051\n";

    private Processor() {}

    /** Whether QEMU translates them, so that everything takes ten times as long or more. False if it can't be read. */
    public static boolean isEmulated() {
        try (InputStream about = Files.newInputStream(ABOUT)) {
            return isEmulated(new String(about.readNBytes(BEGINNING), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    static boolean isEmulated(String about) {
        boolean x86 = about.lines().anyMatch(line -> line.startsWith("model name") && line.contains(X86_NAME));
        boolean arm = about.contains(ARM_MAKER) && about.contains(ARM_PART);
        return x86 || arm;
    }
}
