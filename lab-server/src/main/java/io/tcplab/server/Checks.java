package io.tcplab.server;

import java.time.Duration;

/** What the records of this package require of their components; each throws {@link IllegalArgumentException}. */
final class Checks {
    private Checks() {}

    static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    static void atLeastOne(String what, long number) {
        require(number >= 1, what + ": " + number + " is less than 1");
    }

    static void notNegative(String what, Duration span) {
        require(!span.isNegative(), what + ": " + span + " is negative");
    }
}
