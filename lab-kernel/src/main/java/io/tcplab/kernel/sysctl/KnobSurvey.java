package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The knobs of TCP that this kernel has, in the namespace of the thread that asks. */
public final class KnobSurvey {
    private static final Path TCP = Path.of("/proc/sys/net/ipv4");

    private KnobSurvey() {}

    /** All of them: those of the catalogue in its order, then those that it doesn't know. */
    public static List<KnobState> of(SysctlDefaults defaults) {
        RunningKernel kernel = RunningKernel.current();
        Stream<SysctlKnob> known =
                SysctlCatalogue.knobs().stream().filter(knob -> kernel.has(SysctlName.parse(knob.name())));
        return Stream.concat(known, uncatalogued().stream())
                .map(knob -> new KnobState(knob, read(knob), defaults.of(knob)))
                .toList();
    }

    /**
     * Those whose name is the wanted one; or matches it, if it is a pattern; or contains it. A name may lack what stands
     * before its last dot, and have slashes.
     */
    public static List<KnobState> find(String wanted, List<KnobState> all) {
        String dotted = wanted.replace('/', '.');
        List<KnobState> named = all.stream()
                .filter(state -> state.knob().name().equals(dotted)
                        || state.knob().name().endsWith("." + dotted))
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        PathMatcher pattern = glob(dotted);
        return all.stream()
                .filter(state -> pattern.matches(Path.of(state.knob().name()))
                        || state.knob().name().contains(dotted))
                .toList();
    }

    /** Why there is nothing with that name, and the nearest names. */
    public static String absence(String wanted, List<KnobState> all) {
        String dotted = wanted.replace('/', '.');
        return SysctlCatalogue.knobs().stream()
                .filter(knob -> knob.name().equals(dotted) || knob.name().endsWith("." + dotted))
                .findFirst()
                .map(knob -> knob.name() + " " + Absence.words(knob, RunningKernel.current()) + ". " + knob.meaning())
                .orElseGet(() -> "unknown TCP sysctl " + wanted + hint(dotted, all));
    }

    private static String hint(String wanted, List<KnobState> all) {
        Collection<String> names =
                all.stream().map(state -> state.knob().name()).toList();
        String whole = Nearest.hint(wanted, names);
        return whole.isEmpty()
                ? Nearest.hint(wanted, names.stream().map(KnobSurvey::lastPart).toList())
                : whole;
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static PathMatcher glob(String pattern) {
        try {
            // Dots are no separators to Java: a star reaches over them, so that tcp_* needs the star before it only.
            return FileSystems.getDefault().getPathMatcher("glob:{" + pattern + ",*." + pattern + "}");
        } catch (PatternSyntaxException e) {
            return path -> false;
        }
    }

    private static List<SysctlKnob> uncatalogued() {
        try (Stream<Path> files = Files.list(TCP)) {
            return files.map(file -> "net.ipv4." + file.getFileName())
                    .filter(name -> name.startsWith("net.ipv4.tcp_"))
                    .filter(name -> SysctlCatalogue.find(name).isEmpty())
                    .sorted()
                    .map(SysctlKnob::uncatalogued)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> read(SysctlKnob knob) {
        return RunningKernel.value(SysctlName.parse(knob.name())).map(knob.range()::canonical);
    }
}
