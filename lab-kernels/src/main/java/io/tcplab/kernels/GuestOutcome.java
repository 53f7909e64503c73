package io.tcplab.kernels;

import java.util.List;

/** What became of a job. */
public sealed interface GuestOutcome {
    /**
     * The command ran to its end.
     *
     * @param code its exit code
     */
    record Ended(int code) implements GuestOutcome {}

    /**
     * It didn't: the guest hung, or went down.
     *
     * @param reason in words
     * @param lastLines of its console, or of what the command said
     */
    record Lost(String reason, List<String> lastLines) implements GuestOutcome {
        /** Copies the list. */
        public Lost {
            lastLines = List.copyOf(lastLines);
        }
    }
}
