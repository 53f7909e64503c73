package io.tcplab.experiments;

import java.util.Locale;

/** The two hosts of a cell. */
public enum Role {
    CLIENT,
    SERVER;

    /** {@code client} or {@code server}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
