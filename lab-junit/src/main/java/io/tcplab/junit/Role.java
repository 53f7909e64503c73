package io.tcplab.junit;

/** The two hosts of a cell. */
public enum Role {
    CLIENT,
    SERVER;

    String lowerCase() {
        return switch (this) {
            case CLIENT -> "client";
            case SERVER -> "server";
        };
    }
}
