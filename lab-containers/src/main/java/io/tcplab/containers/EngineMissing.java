package io.tcplab.containers;

/** No engine can be used here; the message says why, and what to do about it. */
public final class EngineMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    EngineMissing(String reason, Throwable cause) {
        super(reason, cause);
    }
}
