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

/** Why a kernel doesn't have a sysctl. Reads needs.txt, whose first lines say its format. */
final class Absence {
    private static final String FILE = "needs.txt";
    private static final String HIDDEN = "doesn't appear in this namespace: it belongs to the host, or doesn't exist";
    private static final String OPTION = "CONFIG_";
    /** Where the knobs of TCP are; what is below them in directories of its own isn't about TCP. */
    private static final Set<List<String>> OF_TCP =
            Set.of(List.of("net", "ipv4"), List.of("net", "core"), List.of("net", "netfilter"));

    /**
     * What a kernel must have for some sysctls.
     *
     * @param names which, as a pattern
     * @param what a module, or an option of the kernel's build, {@code CONFIG_X}
     */
    private record Need(SysctlName names, String what) {
        static Need parse(String row) {
            String[] columns = row.split("\\|", -1);
            return new Need(SysctlName.parse(columns[0].strip()), columns[1].strip());
        }

        boolean isOf(SysctlName name) {
            int last = names.parts().size() - 1;
            return name.parts().size() > last
                    && name.parts().subList(0, last).equals(names.parts().subList(0, last))
                    && Glob.of(names.parts().get(last)).test(name.parts().get(last));
        }

        /** What the kernel has of these it can have only with the module or option. */
        boolean isMissing(RunningKernel kernel) {
            return kernel.matching(SysctlLine.pattern(names)).isEmpty();
        }

        String words() {
            return what.startsWith(OPTION)
                    ? "doesn't exist here: this kernel was built without " + what
                    : "doesn't exist here: the module " + what + " isn't loaded, or this kernel was built without it";
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
        return new Refused(gone ? Topic.GONE : Topic.ABSENT, words(knob, kernel));
    }

    /** The same as the rest of a sentence that begins with its name. */
    static String words(SysctlKnob knob, RunningKernel running) {
        KernelRelease kernel = running.release();
        if (knob.until().filter(kernel::isAtLeast).isPresent()) {
            return "is gone since Linux " + knob.until().get() + " (this is " + kernel + ")";
        }
        if (knob.since().filter(since -> !kernel.isAtLeast(since)).isPresent()) {
            return "came with Linux " + knob.since().get() + " (this is " + kernel + ")";
        }
        return need(SysctlName.parse(knob.name()), running)
                .orElse("doesn't exist here: this kernel was built without it, or its module isn't loaded (this is"
                        + " " + kernel
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
        String hint = SysctlCatalogue.hint(name.dotted());
        if (mayBeHidden(name, kernel)) {
            return hint.isEmpty() ? Optional.empty() : Optional.of(new Refused(Topic.ABSENT, HIDDEN));
        }
        Optional<String> need = need(name, kernel);
        if (need.isPresent()) {
            return need.map(words -> new Refused(Topic.ABSENT, words));
        }
        return mayBeOfTcp(name) || !hint.isEmpty()
                ? Optional.of(new Refused(Topic.UNKNOWN, "doesn't exist, and the lab doesn't know it" + hint))
                : Optional.empty();
    }

    /** What is the host's another namespace doesn't show. Of TCP's own the catalogue knows which these are. */
    private static boolean mayBeHidden(SysctlName name, RunningKernel kernel) {
        return !kernel.showsHost()
                && mayBeOfTcp(name)
                && !name.parts().getLast().contains("tcp_");
    }

    /** Whether its directory is one of those that hold the knobs of TCP. */
    static boolean mayBeOfTcp(SysctlName name) {
        return OF_TCP.contains(name.parts().subList(0, name.parts().size() - 1));
    }

    private static Optional<String> need(SysctlName name, RunningKernel kernel) {
        return Needs.ALL.stream()
                .filter(need -> need.isOf(name) && need.isMissing(kernel))
                .map(Need::words)
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
