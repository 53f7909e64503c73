package io.tcplab.experiments;

/** The kernel's answer is missing or incomplete: this user has no access to a source, a dump was interrupted, events
 * were lost. Whatever depends on it is inconclusive, with this message as the reason.
 */
public final class EvidenceMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The reason should name the source and, where there is one, the remedy. */
    public EvidenceMissing(String reason) {
        super(reason);
    }

    /** This machine was too slow to see it, or to do it in time. */
    public static EvidenceMissing busy(String what) {
        return new EvidenceMissing("the machine was too busy: " + what);
    }

    /** As {@link #EvidenceMissing(String)}, keeping the error behind it. */
    public EvidenceMissing(String reason, Throwable cause) {
        super(reason, cause);
    }
}
