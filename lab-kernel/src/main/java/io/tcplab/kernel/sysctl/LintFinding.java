package io.tcplab.kernel.sysctl;

import java.util.List;
import java.util.Locale;

/**
 * What there is to say about a line of a file of settings.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param name the sysctl, with dots; empty if the line has none
 * @param message a sentence or two that begin with what is found
 * @param claims numbers of the related claims about TCP
 * @param experiments names of those that show it
 */
public record LintFinding(
        int line,
        int column,
        Severity severity,
        Topic topic,
        String name,
        String message,
        List<Integer> claims,
        List<String> experiments) {
    public LintFinding {
        claims = List.copyOf(claims);
        experiments = List.copyOf(experiments);
    }

    /** How bad it is. */
    public enum Severity {
        /** The kernel doesn't take the line, or it can't mean what it says. */
        ERROR,
        /** It does nothing, or harm. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        /** In lower case, as compilers have it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What it is about. Scripts may depend on the labels. */
    public enum Topic {
        /** The line can't be understood. */
        SYNTAX,
        /** This kernel doesn't have it, and nothing is known of it. */
        UNKNOWN,
        /** Removed in a later kernel. */
        GONE,
        /** This kernel doesn't have it, or not now. */
        ABSENT,
        /** It doesn't take that value. */
        INVALID,
        /** The kernel takes the value, and it may not be what was meant. */
        DOUBTFUL,
        /** It can't be set. */
        READ_ONLY,
        /** Another line of the file is what counts. */
        OVERRIDDEN,
        /** It is the host's: no container can set it. */
        GLOBAL,
        /** It does nothing. */
        NO_EFFECT,
        /** It does harm. */
        HARMFUL,
        /** It does something else than people say. */
        MISREAD,
        /** Without the line it would be so, too. */
        DEFAULT;

        /** {@code no-effect}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
