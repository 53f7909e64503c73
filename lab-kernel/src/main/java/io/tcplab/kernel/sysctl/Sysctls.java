package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The sysctls of one namespace. Names may have dots or slashes.
 *
 * <p>Only those below {@code net} belong to a namespace, and not all of them. /proc/sys/net shows the namespace of the
 * thread that looks (net/sysctl_net.c), so each call here looks from inside.
 */
public final class Sysctls {
    private final Namespace namespace;
    private final boolean writable;

    private Sysctls(Namespace namespace, boolean writable) {
        this.namespace = namespace;
        this.writable = writable;
    }

    /** Those of this namespace; to be read only, if it is the one in which the process was started. */
    public static Sysctls of(Namespace namespace) {
        return new Sysctls(namespace, namespace.inode() != Namespace.current().inode());
    }

    /**
     * Those of the container that this process was started in, which it may change: the namespace is the container's.
     * Where it is the machine's own they are to be read only, as everywhere.
     */
    public static Sysctls ofContainer() {
        return new Sysctls(Namespace.current(), !RunningKernel.current().showsHost());
    }

    /**
     * Whether this kernel has a sysctl, as the namespace of the calling thread shows it. A kernel may have one that its
     * release doesn't tell of: stable kernels and distributions take some over from later ones.
     */
    public static boolean exists(String name) {
        return RunningKernel.current().has(SysctlName.parse(name));
    }

    /**
     * What is wrong with giving a namespace's sysctl this value, or empty: that the kernel refuses it, or takes it and
     * can't make sense of it. Says it before there is a namespace: from the catalogue and what the running kernel has. A
     * name that is not in the catalogue passes if this kernel has it below {@code net}.
     */
    public static Optional<String> problem(String name, String value) {
        return problem(name, value, RunningKernel.current());
    }

    static Optional<String> problem(String name, String value, RunningKernel kernel) {
        return judged(name, value, kernel, Taken::doubt);
    }

    /** The same, but what the kernel takes passes, whatever it makes of it. */
    public static Optional<String> refusal(String name, String value) {
        return judged(name, value, RunningKernel.current(), taken -> "");
    }

    private static Optional<String> judged(
            String name, String value, RunningKernel kernel, Function<Taken, String> doubts) {
        SysctlName parsed;
        try {
            parsed = SysctlName.parse(name);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == 0)) {
            return Optional.of(parsed.dotted() + ": a value must be a single line");
        }
        String wrong = SysctlCatalogue.find(name)
                .map(knob -> switch (knob.write(value.strip(), Sysctls::ofHost, kernel)) {
                    case Refused refused -> refused.why();
                    case Taken taken -> doubts.apply(taken);
                })
                .orElseGet(() -> uncatalogued(parsed, kernel));
        return wrong.isEmpty() ? Optional.empty() : Optional.of(parsed.dotted() + " " + wrong);
    }

    /** Only what is the host's is known before there is a namespace. */
    private static Optional<String> ofHost(String name) {
        return SysctlCatalogue.find(name)
                .filter(knob -> knob.scope() == Scope.GLOBAL || knob.access() != Access.READ_WRITE)
                .flatMap(knob -> RunningKernel.value(SysctlName.parse(name)));
    }

    /**
     * The value, without the line's end. Several numbers stand as the kernel has them, with tabs between.
     *
     * @throws KernelException ENOENT if this namespace does not have it; EACCES, …
     * @throws IllegalArgumentException if it can't be a sysctl's name
     */
    public String read(String name) {
        SysctlName parsed = SysctlName.parse(name);
        try {
            return namespace.call(() -> ProcFile.read(parsed.path())).strip();
        } catch (KernelException e) {
            throw explained("read " + parsed.dotted(), parsed, e);
        }
    }

    /** What this namespace has of the catalogue and lets be read, by name. */
    public Map<String, String> list() {
        return namespace.call(() -> {
            Map<String, String> values = new LinkedHashMap<>();
            for (SysctlKnob knob : SysctlCatalogue.knobs()) {
                Path file = Path.of(SysctlName.parse(knob.name()).path());
                if (Files.isReadable(file)) {
                    values.put(knob.name(), ProcFile.read(file.toString()).strip());
                }
            }
            return values;
        });
    }

    /**
     * Sets the value, reads it back, and returns what the kernel shows then.
     *
     * @throws IllegalArgumentException if {@link #refusal} finds one; nothing was written
     * @throws IllegalStateException if this is the namespace in which the process was started: it belongs to the host
     * @throws KernelException what the kernel said, ENOENT, EACCES, EINVAL, …; EINVAL too if it kept another value than
     *     it was told
     */
    public String write(String name, String value) {
        if (!writable) {
            throw new IllegalStateException("the lab never changes the host: " + name + " can be set in a cell only");
        }
        refusal(name, value).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        SysctlName parsed = SysctlName.parse(name);
        String told = value.strip();
        String operation = "set " + parsed.dotted() + " = " + told;
        try {
            return namespace.call(() -> {
                Predicate<String> expected = expected(parsed, told);
                ProcFile.write(parsed.path(), told + "\n");
                String shown = ProcFile.read(parsed.path()).strip();
                if (!expected.test(shown)) {
                    throw new KernelException(
                            operation, Errno.EINVAL, "the kernel accepted it without an error, but now shows " + shown);
                }
                return shown;
            });
        } catch (KernelException e) {
            throw explained(operation, parsed, e);
        }
    }

    /** What the namespace of the calling thread must show once a value was written. */
    private static Predicate<String> expected(SysctlName name, String told) {
        Optional<SysctlKnob> knob = SysctlCatalogue.find(name.dotted());
        if (knob.isEmpty()) {
            return shown -> words(told).equals(words(shown));
        }
        SysctlRange range = knob.get().range();
        Optional<String> before = RunningKernel.value(name).map(range::canonical);
        Written written = range.write(told, before, other -> RunningKernel.value(SysctlName.parse(other)));
        return shown -> knob.get().tookEffect(written, shown);
    }

    private static List<String> words(String value) {
        return List.of(value.strip().split("\\s+", -1));
    }

    /** Of a name that only this kernel knows: what is wrong with it; or an empty text. */
    private static String uncatalogued(SysctlName name, RunningKernel kernel) {
        Optional<Refused> absence = Absence.ofUncatalogued(name, kernel);
        if (absence.isPresent()) {
            return absence.get().why();
        }
        return name.isOfNetwork() ? "" : "is global: it belongs to the host, and the lab never changes the host";
    }

    private static boolean isThereFor(SysctlName name, RunningKernel kernel) {
        return kernel.has(name) || kernel.has(name.ofDefaultInterface());
    }

    /** The same failure, as what the caller asked for and with what there is to know about the name. */
    private KernelException explained(String operation, SysctlName name, KernelException e) {
        String remedy = e.remedy().isEmpty() ? remedy(name, e.errno()) : e.remedy();
        return new KernelException(operation, e.errno(), "", remedy, e);
    }

    private String remedy(SysctlName name, Errno errno) {
        if (!namespace.call(() -> Files.exists(Path.of(name.path())))) {
            return isThereFor(name, RunningKernel.current())
                    ? "this namespace doesn't have it; the whole host shares one value"
                    : "this kernel doesn't have it" + SysctlCatalogue.hint(name.dotted());
        }
        return switch (errno) {
            case EACCES, EPERM -> "it is read-only here, or only root may set it";
            case EINVAL, ERANGE, ENOENT ->
                SysctlCatalogue.find(name.dotted())
                        .map(knob -> "it takes " + knob.range().description())
                        .orElse("");
            default -> "";
        };
    }
}
