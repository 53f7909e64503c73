package io.tcplab.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** This machine's memory. */
final class Memory {
    private static final String AVAILABLE = "MemAvailable:";
    private static final long KIB_PER_MIB = 1024;

    private Memory() {}

    /** What could be had without swapping; 0 where the kernel doesn't tell. */
    static long availableMegabytes() {
        try {
            return Files.readString(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
