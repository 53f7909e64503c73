package io.tcplab.report;

import java.util.Locale;

/** What styles call a TCP state: the colour {@code --state-close-wait}, the class {@code close-wait}. */
final class StateStyle {
    private StateStyle() {}

    /** Of a state's label. */
    static String of(String state) {
        return state.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
