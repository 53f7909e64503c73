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
    /** As QEMU names its emulated ones: target/i386/cpu.c, "QEMU TCG CPU version 2.5+". */
    private static final String EMULATED = "QEMU TCG";

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
        return about.lines().anyMatch(line -> line.startsWith("model name") && line.contains(EMULATED));
    }
}
