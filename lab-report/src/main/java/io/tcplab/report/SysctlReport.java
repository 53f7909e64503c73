package io.tcplab.report;

import io.tcplab.kernel.sysctl.KnobState;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.util.List;

/**
 * The knobs of a kernel.
 *
 * @param kernelRelease as {@code uname -r} has it
 * @param defaultsMeasured whether the defaults were read from a new namespace; else they are the catalogue's
 * @param entries in the order of the catalogue
 */
public record SysctlReport(String kernelRelease, boolean defaultsMeasured, List<Entry> entries) {
    /** Copies the list. */
    public SysctlReport {
        entries = List.copyOf(entries);
    }

    /**
     * A knob as it stands.
     *
     * @param experiments those to which it matters, by name
     */
    public record Entry(KnobState state, List<String> experiments) {
        /** Copies the list. */
        public Entry {
            experiments = List.copyOf(experiments);
        }

        SysctlKnob knob() {
            return state.knob();
        }

        /** What it takes, with the unit. */
        String takes() {
            String unit = knob().unit().isEmpty() ? "" : " " + knob().unit();
            return knob().range().description() + unit + knob().range().limit();
        }

        String value() {
            return state.value().orElse("(not readable)");
        }

        /** The value, or on what it depends. */
        String defaultValue() {
            return state.defaultValue().orElseGet(() -> switch (knob().defaultValue()) {
                case Default.Constant constant -> constant.value();
                case Default.Varies varies -> "by " + varies.with();
            });
        }

        String scope() {
            return knob().scope() == Scope.PER_NAMESPACE ? "per namespace" : "the host's";
        }
    }
}
