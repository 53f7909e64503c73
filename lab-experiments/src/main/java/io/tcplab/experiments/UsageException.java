package io.tcplab.experiments;

/** What was asked for can't be done as asked. Thrown before anything starts; the message names the next step. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is shown to the user as it stands. */
    public UsageException(String message) {
        super(message);
    }

    /** As {@link #UsageException(String)}, keeping the error behind it. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same complaint, made by a parser further down. */
    public static UsageException from(IllegalArgumentException complaint) {
        return new UsageException(String.valueOf(complaint.getMessage()), complaint);
    }
}
