package io.tcplab.kernel.calls;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.SysResult;
import java.util.Optional;

/** What a call on a socket came to. An error is an answer like any other here; often it is the one that is looked for. */
public sealed interface CallResult<T> {
    /** How {@link #name()} calls success. */
    String OK = "ok";

    /** The call succeeded. */
    record Done<T>(T value) implements CallResult<T> {}

    /** The kernel refused, with this error. */
    record Failed<T>(Errno error) implements CallResult<T> {}

    /** {@code ok}, or the error's name: {@code EADDRINUSE}. */
    default String name() {
        return switch (this) {
            case Done<T> done -> OK;
            case Failed<T> failed -> failed.error().name();
        };
    }

    /** Whether the call succeeded. */
    default boolean ok() {
        return this instanceof Done<T>;
    }

    /** The error; empty if the call succeeded. */
    default Optional<Errno> errno() {
        return switch (this) {
            case Done<T> done -> Optional.empty();
            case Failed<T> failed -> Optional.of(failed.error());
        };
    }

    /** The value; empty if the call failed. */
    default Optional<T> toOptional() {
        return switch (this) {
            case Done<T> done -> Optional.of(done.value());
            case Failed<T> failed -> Optional.empty();
        };
    }

    /**
     * The value, where an error would leave nothing to go on with.
     *
     * @param operation what was tried, for the message
     * @throws KernelException with the error
     */
    default T orThrow(String operation) {
        return switch (this) {
            case Done<T> done -> done.value();
            case Failed<T> failed -> throw new KernelException(operation, failed.error(), "");
        };
    }

    /** A call that returns nothing but success. */
    static CallResult<Boolean> of(SysResult result) {
        return result.failed() ? new Failed<>(result.error()) : new Done<>(true);
    }
}
