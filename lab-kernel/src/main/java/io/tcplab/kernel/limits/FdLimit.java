package io.tcplab.kernel.limits;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How many file descriptors, and so sockets, this process may have (RLIMIT_NOFILE, getrlimit(2)).
 *
 * <p>The JVM raises its soft limit to the hard one when it starts (-XX:+MaxFDLimit, the default).
 *
 * @param soft what holds now
 * @param hard as far as the process may raise the soft limit; further needs CAP_SYS_RESOURCE
 * @param used descriptors open at the moment of asking
 */
public record FdLimit(long soft, long hard, long used) {
    private static final String ROW = "Max open files";

    /** This process's, read now. */
    public static FdLimit current() {
        // One of them is the directory that is being listed.
        return parse(ProcFile.read("/proc/self/limits"), openDescriptors("self") - 1);
    }

    /**
     * Another process's, whose descriptors have been counted already.
     *
     * @throws KernelException ENOENT if it has ended; EACCES if it is another user's
     */
    public static FdLimit of(long pid, long used) {
        return parse(ProcFile.read("/proc/" + pid + "/limits"), used);
    }

    /** How many more descriptors can be opened. */
    public long free() {
        return Math.max(0, soft - used);
    }

    static FdLimit parse(String limits, long used) {
        String row = limits.lines()
                .filter(line -> line.startsWith(ROW))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/proc/self/limits has no row \"" + ROW + "\""));
        String[] columns = row.substring(ROW.length()).strip().split("\\s+", -1);
        return new FdLimit(limit(columns[0]), limit(columns[1]), used);
    }

    private static long limit(String column) {
        return column.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(column);
    }

    private static long openDescriptors(String process) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", process, "fd"))) {
            return descriptors.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
