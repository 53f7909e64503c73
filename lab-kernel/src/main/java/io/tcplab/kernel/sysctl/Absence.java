package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.Written.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Why a kernel doesn't have a sysctl. Reads needs.txt, whose first lines tell its format. */
final class Absence {
    private static final String FILE = "needs.txt";
    private static final String OPTION = "CONFIG_";
    /** Where the knobs of TCP are; what is below them in directories of its own isn't about TCP. */
    private static final Set<List<String>> OF_TCP =
            Set.of(List.of("net", "ipv4"), List.of("net", "core"), List.of("net", "netfilter"));

    /**
     * What a kernel must have for some sysctls.
     *
     * @param names which, with dots
     * @param what a module, or an option of the kernel's build, {@code CONFIG_X}
     */
    private record Need(Pattern names, String what) {
        static Need parse(String row) {
            String[] columns = row.split("\\|", -1);
            String glob = columns[0].strip();
            return new Need(Pattern.compile("\\Q" + glob.replace("*", "\\E.*\\Q") + "\\E"), columns[1].strip());
        }
    }

    /** Read when first asked for. */
    private static final class Needs {
        static final List<Need> ALL = load();
    }

    private Absence() {}

    /** Why this kernel doesn't have a knob of the catalogue. */
    static Refused of(SysctlKnob knob, RunningKernel kernel) {
        boolean gone = knob.until().filter(kernel.release()::isAtLeast).isPresent();
        return new Refused(gone ? Topic.GONE : Topic.ABSENT, words(knob, kernel.release()));
    }

    /** The same as the rest of a sentence that begins with its name. */
    static String words(SysctlKnob knob, KernelRelease kernel) {
        if (knob.until().filter(kernel::isAtLeast).isPresent()) {
            return "is gone since Linux " + knob.until().get() + " (this is " + kernel + ")";
        }
        if (knob.since().filter(since -> !kernel.isAtLeast(since)).isPresent()) {
            return "came with Linux " + knob.since().get() + " (this is " + kernel + ")";
        }
        return need(knob.name())
                .orElse("is not there: this kernel was built without it, or its module is not loaded (this is " + kernel
                        + ")");
    }

    /**
     * Why this kernel doesn't have a sysctl that the catalogue lacks, either. Empty if it has it, or if the name isn't
     * about TCP and nothing is known of it.
     */
    static Optional<Refused> ofUncatalogued(SysctlName name, RunningKernel kernel) {
        if (kernel.has(name) || kernel.has(name.ofDefaultInterface())) {
            return Optional.empty();
        }
        Optional<String> need = need(name.dotted());
        if (need.isPresent()) {
            return need.map(words -> new Refused(Topic.ABSENT, words));
        }
        String hint = SysctlCatalogue.hint(name.dotted());
        return mayBeOfTcp(name) || !hint.isEmpty()
                ? Optional.of(new Refused(Topic.UNKNOWN, "isn't there, and the lab doesn't know it" + hint))
                : Optional.empty();
    }

    /** Whether its directory is one of those that hold the knobs of TCP. */
    static boolean mayBeOfTcp(SysctlName name) {
        return OF_TCP.contains(name.parts().subList(0, name.parts().size() - 1));
    }

    private static Optional<String> need(String name) {
        return Needs.ALL.stream()
                .filter(need -> need.names().matcher(name).matches())
                .map(need -> need.what().startsWith(OPTION)
                        ? "is not there: this kernel was built without " + need.what()
                        : "is not there: the module " + need.what()
                                + " isn't loaded, or this kernel was built without it")
                .findFirst();
    }

    private static List<Need> load() {
        try (InputStream file = Objects.requireNonNull(Absence.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Need::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
