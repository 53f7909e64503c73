package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.LintFinding.Topic;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.kernel.sysctl.Written.Refused;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A host of some kernel.
 *
 * @param values what it has now, if that is known
 */
record HostTarget(RunningKernel kernel, Function<SysctlName, Optional<String>> values) implements SysctlTarget {
    @Override
    public List<SysctlName> matching(SysctlLine pattern) {
        return kernel.matching(pattern);
    }

    @Override
    public Optional<String> initial(SysctlName name) {
        return values.apply(name).map(value -> canonical(name, value));
    }

    @Override
    public Optional<Written> write(SysctlName name, String value, Standing standing) {
        return SysctlCatalogue.find(name.dotted())
                .map(knob -> Optional.of(write(knob, value, standing)))
                .orElseGet(() -> Absence.ofUncatalogued(name, kernel).map(no -> no));
    }

    private Written write(SysctlKnob knob, String value, Standing standing) {
        // A namespace doesn't show what is the host's; the file may be for the host.
        boolean there = kernel.has(SysctlName.parse(knob.name()))
                || (knob.scope() == Scope.GLOBAL && knob.until().isEmpty());
        if (!there) {
            return Absence.of(knob, kernel);
        }
        if (!knob.isSettable()) {
            return new Refused(Topic.READ_ONLY, "is read-only");
        }
        return knob.range().writeOnHost(value, standing.of(knob.name()), standing);
    }

    private static String canonical(SysctlName name, String value) {
        return SysctlCatalogue.find(name.dotted())
                .map(knob -> knob.range().canonical(value))
                .orElse(value);
    }
}
