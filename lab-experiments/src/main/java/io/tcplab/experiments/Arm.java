package io.tcplab.experiments;

import java.util.Locale;

/** The two halves of a run: the same steps with the fault and, in a cell of its own, without it. */
public enum Arm {
    FAULT,
    CONTROL;

    /** {@code fault} or {@code control}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
