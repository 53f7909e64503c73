package io.tcplab.experiments;

import java.util.Locale;

/** The two hosts of a cell. */
public enum Role {
    CLIENT,
    SERVER;

    /** The one that this one isn't. */
    public Role other() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    /** {@code client} or {@code server}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
