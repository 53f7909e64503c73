package io.tcplab.kernel.ffm;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.util.function.Function;

/**
 * What a call into libc returned, with the errno of that very call.
 *
 * @param value what the function returned; −1 if it failed
 * @param errno the error's number; 0 if the call succeeded
 */
public record SysResult(long value, int errno) {
    /** As the C convention has it: −1 is failure, and only then does errno mean anything. */
    static SysResult of(long value, int errno) {
        return new SysResult(value, value == -1 ? errno : 0);
    }

    /** True if the call returned −1. */
    public boolean failed() {
        return value == -1;
    }

    /** True if the call failed with this error. */
    public boolean failedWith(Errno error) {
        return failed() && errno == error.number();
    }

    /** The error by name. Only of a result that {@link #failed()}. */
    public Errno error() {
        return Errno.of(errno);
    }

    /**
     * The value, or an exception that says what was tried and what helps.
     *
     * @param operation what was tried, for example {@code "open /proc/net/snmp"}
     * @param remedy what the user can do; empty if nothing is known
     */
    public long orThrow(String operation, String remedy) {
        return orThrow(operation, error -> remedy);
    }

    /**
     * The value, or an exception.
     *
     * @param remedy what the user can do about the error at hand
     */
    public long orThrow(String operation, Function<Errno, String> remedy) {
        if (failed()) {
            throw new KernelException(operation, error(), remedy.apply(error()));
        }
        return value;
    }

    /** As {@link #orThrow(String, String)}, for file descriptors, counts and other values that fit an int. */
    public int intOrThrow(String operation, String remedy) {
        return Math.toIntExact(orThrow(operation, remedy));
    }

    /** As {@link #orThrow(String, Function)}, for values that fit an int. */
    public int intOrThrow(String operation, Function<Errno, String> remedy) {
        return Math.toIntExact(orThrow(operation, remedy));
    }
}
