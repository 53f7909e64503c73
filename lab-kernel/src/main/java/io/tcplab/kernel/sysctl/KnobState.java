package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.util.Optional;

/**
 * A knob as it stands.
 *
 * @param value here, as the kernel shows it, with single spaces between numbers; empty if it can't be read
 * @param defaultValue what nobody has set; empty if that can't be told
 */
public record KnobState(SysctlKnob knob, Optional<String> value, Optional<String> defaultValue) {
    /** Whether somebody has set it to something else than its default. */
    public boolean isChanged() {
        boolean settable = knob.access() == Access.READ_WRITE || knob.scope() == Scope.GLOBAL;
        return settable && value.isPresent() && defaultValue.isPresent() && !value.equals(defaultValue);
    }
}
