package io.tcplab.kernels;

/** A kernel that can't be had as asked; the message names the cause and the next step. */
public final class KernelsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KernelsException(String message) {
        super(message);
    }

    KernelsException(String message, Throwable cause) {
        super(message, cause);
    }
}
