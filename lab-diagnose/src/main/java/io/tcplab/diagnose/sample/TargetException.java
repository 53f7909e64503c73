package io.tcplab.diagnose.sample;

/** The target can't be looked at: it isn't there, or this user may not. The message says what there is instead, or what helps. */
public final class TargetException extends RuntimeException {
    /** Why a target can't be looked at. */
    public enum Reason {
        /** There is no such process, port, container or namespace. */
        ABSENT,
        /** It is there, but this user may not look. */
        DENIED
    }

    private final Reason reason;

    public TargetException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
