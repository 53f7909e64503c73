package io.tcplab.containers.protocol;

/** What came isn't a message of this protocol: too long, cut off, or of values that there aren't. */
public final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public MalformedMessage(String problem) {
        super("not an agent's message: " + problem);
    }
}
