package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A new namespace of the running kernel, as cells are. What the catalogue lacks is tried in one that is made for it.
 */
final class NamespaceTarget implements SysctlTarget, AutoCloseable {
    private final RunningKernel kernel = RunningKernel.current();
    private @Nullable Namespace scratch;

    @Override
    public List<SysctlName> matching(SysctlLine pattern) {
        List<SysctlName> found = scratch()
                .map(namespace -> namespace.call(() -> kernel.matching(pattern)))
                .orElseGet(() -> kernel.matching(pattern));
        return found.stream()
                .filter(name -> SysctlCatalogue.find(name.dotted())
                        .map(knob -> knob.canBeSetUnder(kernel))
                        .orElse(true))
                .toList();
    }

    @Override
    public Optional<String> initial(SysctlName name) {
        Optional<SysctlKnob> knob = SysctlCatalogue.find(name.dotted()).filter(known -> kernel.has(name));
        // What has no default that is the same everywhere a namespace takes over from the host, as tcp_rmem.
        return knob.flatMap(known ->
                known.scope() == Scope.PER_NAMESPACE && known.defaultValue() instanceof Default.Constant constant
                        ? Optional.of(constant.value())
                        : RunningKernel.value(name).map(known.range()::canonical));
    }

    @Override
    public Optional<Written> write(SysctlName name, String value, Standing standing) {
        return SysctlCatalogue.find(name.dotted())
                .map(knob -> Optional.of(knob.write(value, standing, kernel)))
                .orElseGet(() -> tried(name, value));
    }

    private Optional<Written> tried(SysctlName name, String value) {
        Optional<Refused> absence = Absence.ofUncatalogued(name, kernel);
        if (absence.isPresent()) {
            return absence.map(no -> no);
        }
        return Optional.of(
                name.isOfNetwork()
                        ? inScratch(name, value)
                        : new Refused(
                                Topic.GLOBAL, "is global: it belongs to the host, and the lab never changes the host"));
    }

    private Written inScratch(SysctlName name, String value) {
        Optional<Namespace> namespace = scratch();
        if (namespace.isEmpty()) {
            return new Refused(Topic.GLOBAL, "isn't about TCP, and no namespace can be created here to try it");
        }
        try {
            return new Taken(namespace.get().call(() -> {
                ProcFile.write(name.path(), value + "\n");
                return ProcFile.read(name.path()).strip().replaceAll("\\s+", " ");
            }));
        } catch (KernelException e) {
            return switch (e.errno()) {
                case ENOENT -> new Refused(Topic.GLOBAL, "doesn't exist in a new namespace");
                case EACCES, EPERM -> new Refused(Topic.READ_ONLY, "can't be set and read back in a new namespace");
                default ->
                    Refused.invalid(
                            "doesn't take \"%s\": %s".formatted(value, e.errno().description()));
            };
        }
    }

    /** Made when first asked for; empty if none can be had. */
    private Optional<Namespace> scratch() {
        try {
            if (scratch == null) {
                scratch = Namespace.create("trial");
            }
            return Optional.of(scratch);
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
        }
    }
}
