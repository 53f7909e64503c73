package io.tcplab.kernel.sysctl;

import java.util.Optional;

/**
 * A knob as it stands.
 *
 * @param value here, as the kernel shows it, with single spaces between numbers; empty if it can't be read
 * @param defaultValue the default; empty if unknown
 */
public record KnobState(SysctlKnob knob, Optional<String> value, Optional<String> defaultValue) {
    /** Whether it is set to something else than its default. */
    public boolean isChanged() {
        return knob.isSettable() && value.isPresent() && defaultValue.isPresent() && !value.equals(defaultValue);
    }
}
