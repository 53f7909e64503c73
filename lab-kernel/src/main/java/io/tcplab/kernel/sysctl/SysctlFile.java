package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.SysctlReading.Assignment;
import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of settings for a new namespace of this kernel, as {@code sysctl -p} (procps) and sysctl.d(5) (systemd) read
 * it.
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
 * What can't be understood or isn't taken is skipped, and the next line goes on.
 *
 * @param settings what is set in the end, in the order of the lines that decide, as far as the kernel takes it so
 * @param problems the lines that set nothing, with the reason, in the file's order
 * @param doubts lines that are set and may not mean what was meant
 * @param ofHost lines that set nothing, as they are about the host and not about its network
 */
public record SysctlFile(
        List<SysctlSetting> settings, List<Problem> problems, List<Problem> doubts, List<Integer> ofHost) {
    public SysctlFile {
        settings = List.copyOf(settings);
        problems = List.copyOf(problems);
        doubts = List.copyOf(doubts);
        ofHost = List.copyOf(ofHost);
    }

    /**
     * Something to say about one place of a file.
     *
     * @param line from 1
     * @param column from 1, in characters
     * @param expected whether the file says itself, by a dash, that this may fail
     */
    public record Problem(int line, int column, String message, boolean expected) {
        /** {@code 3:7: message}, as compilers have it. */
        @Override
        public String toString() {
            return line + ":" + column + ": " + message;
        }
    }

    /**
     * Reads a file. Bytes that aren't UTF-8, in a comment say, don't matter.
     *
     * @throws IOException if it can't be read
     * @throws IllegalArgumentException with all that is wrong in it, if none of its lines sets anything
     */
    public static SysctlFile parse(Path file) throws IOException {
        SysctlFile parsed = parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        if (parsed.settings.isEmpty() && !(parsed.problems.isEmpty() && parsed.ofHost.isEmpty())) {
            throw new IllegalArgumentException(
                    "nothing in " + file + " can be set:\n" + String.join("\n", parsed.told(file.toString())));
        }
        return parsed;
    }

    /** Reads a text. */
    public static SysctlFile parse(String text) {
        try (NamespaceTarget target = new NamespaceTarget()) {
            return parse(text, target);
        }
    }

    static SysctlFile parse(String text, SysctlTarget target) {
        SysctlReading reading = SysctlReading.of(text, target);
        List<SysctlSetting> settings = new ArrayList<>();
        List<Problem> doubts = new ArrayList<>();
        reading.effective().values().stream()
                .sorted(Comparator.comparingInt(assignment -> assignment.line().line()))
                .forEach(assignment -> assignment.shown().ifPresent(shown -> {
                    settings.add(setting(assignment, shown));
                    doubt(assignment).ifPresent(doubts::add);
                }));
        return new SysctlFile(SettingOrder.of(settings, target::initial), problems(reading), doubts, ofHost(reading));
    }

    private static SysctlSetting setting(Assignment assignment, String shown) {
        SysctlLine line = assignment.line();
        return new SysctlSetting(assignment.name().dotted(), shown, line.dash(), line.line());
    }

    private static List<Problem> problems(SysctlReading reading) {
        Stream<Problem> refused = reading.assignments().stream()
                .filter(assignment -> assignment.shown().isEmpty() && !isOfHost(assignment))
                .flatMap(assignment -> assignment.refused().stream().map(no -> problem(assignment, no)));
        Stream<Problem> idle = reading.idlePatterns().stream()
                .map(line -> line.problemWithName("nothing that a namespace can set matches "
                        + line.name().dotted()));
        return Stream.of(reading.problems().stream(), refused, idle)
                .flatMap(all -> all)
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    private static List<Integer> ofHost(SysctlReading reading) {
        return reading.assignments().stream()
                .filter(SysctlFile::isOfHost)
                .map(assignment -> assignment.line().line())
                .distinct()
                .toList();
    }

    private static boolean isOfHost(Assignment assignment) {
        return !assignment.name().isOfNetwork()
                && assignment.refused().map(Refused::topic).equals(Optional.of(Topic.GLOBAL));
    }

    private static Problem problem(Assignment assignment, Refused no) {
        String message = assignment.name().dotted() + " " + no.why();
        return no.topic() == Topic.INVALID
                ? assignment.line().problemWithValue(message)
                : assignment.line().problemWithName(message);
    }

    /** Of what is set: that the kernel took only a part of it, or something else than it seems. */
    private static Optional<Problem> doubt(Assignment assignment) {
        return assignment.written().flatMap(written -> switch (written) {
            case Refused refused -> Optional.of(problem(assignment, refused));
            case Taken taken ->
                Optional.of(assignment.line().problemWithValue(assignment.name().dotted() + " " + taken.doubt()))
                        .filter(problem -> !taken.doubt().isEmpty());
        });
    }

    /** What there is to say of lines, in their order, {@code lab.conf:3:7: … (not set)}. */
    public List<String> told(String file) {
        record Told(Problem problem, String outcome) {}
        Stream<String> lines = Stream.concat(
                        problems.stream()
                                .map(problem -> new Told(
                                        problem, problem.expected() ? "not set; its \"-\" allows that" : "not set")),
                        doubts.stream().map(problem -> new Told(problem, "set anyway")))
                .sorted(Comparator.comparingInt(told -> told.problem().line()))
                .map(told -> "%s:%s (%s)".formatted(file, told.problem(), told.outcome()));
        Stream<String> others = ofHost.isEmpty()
                ? Stream.of()
                : Stream.of("%s: about the host, not about its network: line %s (not set)"
                        .formatted(file, ofHost.stream().map(String::valueOf).collect(Collectors.joining(", "))));
        return Stream.concat(lines, others).toList();
    }

    /** The value of each name. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach(setting -> values.put(setting.name(), setting.value()));
        return values;
    }
}
