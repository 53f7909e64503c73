package io.tcplab.cli;

import io.tcplab.experiments.Verdict;

/** What the process's exit code says; scripts and CI depend on it. */
final class ExitCode {
    /** Confirmed, all of it. */
    static final int CONFIRMED = 0;
    /** Refuted, or a threshold is broken. */
    static final int REFUTED = 1;
    /** Inconclusive: evidence is missing, or not available on this machine. */
    static final int INCONCLUSIVE = 2;
    /** What was asked for can't be done as asked (EX_USAGE of sysexits.h). */
    static final int USAGE = 64;
    /** A mistake in the lab (EX_SOFTWARE). */
    static final int INTERNAL = 70;
    /** Ended by Ctrl-C: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Verdict verdict) {
        return switch (verdict) {
            case CONFIRMED -> CONFIRMED;
            case REFUTED -> REFUTED;
            case INCONCLUSIVE -> INCONCLUSIVE;
        };
    }
}
