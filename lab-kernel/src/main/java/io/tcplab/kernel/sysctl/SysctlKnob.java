package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known about one sysctl.
 *
 * @param name "net.ipv4.tcp_fin_timeout"
 * @param meaning what it does, in a sentence or two
 * @param unit what its number counts: "s", "ms", "bytes", …; empty for a bare number or words
 * @param range the values that it takes
 * @param defaultValue in a new namespace of a current kernel
 * @param scope what it belongs to
 * @param access whether it can be set there
 * @param since the first release of the kernel that has it; empty if that is older than 3.0
 * @param until the first release without it; empty if current kernels have it
 */
public record SysctlKnob(
        String name,
        String meaning,
        String unit,
        SysctlRange range,
        Default defaultValue,
        Scope scope,
        Access access,
        Optional<KernelRelease> since,
        Optional<KernelRelease> until) {
    /**
     * Of a value in ms, how far the kernel may round it up: a tick of the slowest timer that it can be built with,
     * HZ=100.
     */
    private static final long TICK_MILLIS = 10;

    static final String TICKED = "ms, in timer ticks";

    /** What a knob belongs to. */
    public enum Scope {
        /** Each network namespace has a value of its own. */
        PER_NAMESPACE,
        /** One value for the host; a new namespace shows it read-only or not at all. */
        GLOBAL
    }

    /** Whether a knob can be set. */
    public enum Access {
        READ_WRITE,
        /** A namespace only shows it; if it is global, the host can set it. */
        READ_ONLY,
        /** It only shows something, to the host too. */
        NEVER
    }

    /** Whether a host can set it. */
    public boolean isSettable() {
        return access == Access.READ_WRITE || (access == Access.READ_ONLY && scope == Scope.GLOBAL);
    }

    /** The default. */
    public sealed interface Default {
        /** The same wherever the kernel is current. */
        record Constant(String value) implements Default {}

        /** Not the same everywhere. */
        record Varies(String with) implements Default {}
    }

    /** One that a later kernel than the catalogue's has. */
    static SysctlKnob uncatalogued(String name) {
        return new SysctlKnob(
                name,
                "Not in the lab's catalogue.",
                "",
                new SysctlRange.Text(Pattern.compile(".*"), "what this kernel says"),
                new Default.Varies("this kernel"),
                Scope.PER_NAMESPACE,
                Access.READ_WRITE,
                Optional.empty(),
                Optional.empty());
    }

    /** What comes of setting a namespace's knob to this value under this kernel. */
    Written write(String value, Standing standing, RunningKernel kernel) {
        Optional<Written> obstacle = obstacle(kernel).map(no -> no);
        return obstacle.orElseGet(() -> range.write(value, standing.of(name), standing));
    }

    /** Whether a namespace under this kernel can set it at all. */
    boolean canBeSetUnder(RunningKernel kernel) {
        return obstacle(kernel).isEmpty();
    }

    private Optional<Refused> obstacle(RunningKernel kernel) {
        if (scope == Scope.GLOBAL && until.isEmpty()) {
            return Optional.of(
                    new Refused(Topic.GLOBAL, "is global: it belongs to the host, and the lab never changes the host"));
        }
        if (!kernel.has(SysctlName.parse(name))) {
            return Optional.of(Absence.of(this, kernel));
        }
        return access != Access.READ_WRITE
                ? Optional.of(new Refused(Topic.READ_ONLY, "is read-only"))
                : Optional.empty();
    }

    /** Whether the kernel shows what it should after a value was written. */
    boolean tookEffect(Written written, String shown) {
        return written.taken()
                .map(Taken::shown)
                .filter(expected ->
                        unit.equals(TICKED) ? isRounded(expected, shown) : expected.equals(range.canonical(shown)))
                .isPresent();
    }

    private static boolean isRounded(String expected, String shown) {
        long rounded = Long.parseLong(shown) - Long.parseLong(expected);
        return rounded >= 0 && rounded < TICK_MILLIS;
    }
}
