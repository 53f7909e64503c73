package io.tcplab.kernel.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of settings, as {@code sysctl -p} (procps) and sysctl.d(5) (systemd) read it.
 *
 * <pre>
 * # a comment; ';' begins one too, but only where a line begins
 * net.ipv4.tcp_fin_timeout = 30
 * net/ipv4/ip_local_port_range = 1024 65000
 * -net.ipv4.tcp_tw_recycle = 1        (the dash: no error if this can't be set)
 * net.ipv4.tcp_keepalive_* = 5        (a pattern sets all that match it,
 * -net.ipv4.tcp_keepalive_time         except what is named without a value
 * net.ipv4.tcp_keepalive_probes = 3    or has a value of its own)
 * </pre>
 *
 * Stricter in two ways. Those programs skip a line that they don't understand and go on; here all such lines are
 * reported and nothing is set. And a pattern that matches no knob of the {@link SysctlCatalogue} is an error.
 *
 * @param settings in the file's order, patterns expanded; of two for the same name the later one
 * @param ignored what the file lets fail and is known to fail, with the reason
 */
public record SysctlFile(List<SysctlSetting> settings, List<Problem> ignored) {
    public SysctlFile {
        settings = List.copyOf(settings);
        ignored = List.copyOf(ignored);
    }

    /**
     * Something wrong at one place of a file.
     *
     * @param line from 1
     * @param column from 1, in characters
     */
    public record Problem(int line, int column, String message) {
        /** {@code 3:7: message}, as compilers have it. */
        @Override
        public String toString() {
            return line + ":" + column + ": " + message;
        }
    }

    /**
     * Reads a file, which is UTF-8.
     *
     * @throws IOException if it can't be read
     * @throws SysctlFileException with everything that is wrong in it
     */
    public static SysctlFile parse(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file));
    }

    /**
     * Reads a text.
     *
     * @throws SysctlFileException with everything that is wrong in it
     */
    public static SysctlFile parse(String text) {
        return parse("sysctls", text);
    }

    /**
     * Reads a file and lets fail whatever this kernel doesn't take, as {@code sysctl -p} does: it is {@link #ignored}.
     *
     * @throws IOException if it can't be read
     * @throws SysctlFileException with the lines that can't be understood
     */
    public static SysctlFile parseWhatHolds(Path file) throws IOException {
        List<Problem> problems = new ArrayList<>();
        List<SysctlLine> lines = SysctlLine.parse(Files.readString(file), problems);
        if (!problems.isEmpty()) {
            throw new SysctlFileException(file.toString(), problems);
        }
        SysctlAssignments assignments = new SysctlAssignments(lines, RunningKernel.current());
        problems.addAll(assignments.problems());
        problems.addAll(assignments.ignored());
        problems.sort(Comparator.comparingInt(Problem::line));
        return new SysctlFile(assignments.settings(), problems);
    }

    /** The value of each name. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach(setting -> values.put(setting.name(), setting.value()));
        return values;
    }

    private static SysctlFile parse(String source, String text) {
        List<Problem> problems = new ArrayList<>();
        List<SysctlLine> lines = SysctlLine.parse(text, problems);
        SysctlAssignments assignments = new SysctlAssignments(lines, RunningKernel.current());
        problems.addAll(assignments.problems());
        if (!problems.isEmpty()) {
            throw new SysctlFileException(source, problems);
        }
        return new SysctlFile(assignments.settings(), assignments.ignored());
    }
}
