package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A function of libc, called so that its errno comes back with its result.
 *
 * <p>All of them share one handle, of six arguments as wide as a register. The JVM generates code for each signature that
 * it meets, which took a fifth of the processor time of a start when each function had its own. Linux's ABIs pass
 * integers and pointers alike, in registers of which a function reads only its own, variadic or not (System V ABI AMD64
 * 3.2.3; AAPCS64 6.8; RISC-V calling convention 2.1).
 *
 * @param address where it is
 * @param wide if it returns a {@code long}; of an {@code int} only the register's lower half means anything
 */
record CFunction(MemorySegment address, boolean wide) {
    private static final int MOST_ARGUMENTS = 6;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
            Linker.Option.captureCallState("errno"));

    /** One that returns an {@code int}. */
    static CFunction ofInt(String name) {
        return new CFunction(LINKER.defaultLookup().findOrThrow(name), false);
    }

    /** One that returns a {@code long}, {@code ssize_t} or pointer. */
    static CFunction ofLong(String name) {
        return new CFunction(LINKER.defaultLookup().findOrThrow(name), true);
    }

    /**
     * Calls it.
     *
     * @param arguments at most six, each an {@code Integer} or {@code Long}, a {@code MemorySegment}, a direct
     *     {@code ByteBuffer} (for the address of its position), or a {@code String} (for that of a copy in UTF-8, which
     *     ends with the call)
     * @throws IllegalArgumentException if a buffer isn't direct, or an argument is of another type
     */
    SysResult call(Object... arguments) {
        return SystemCallFaults.POSSIBLE ? SystemCallFaults.decide(() -> make(arguments)) : make(arguments);
    }

    /** A malloc and a free are small change beside a system call, and nothing is shared between threads. */
    private SysResult make(Object... arguments) {
        if (arguments.length > MOST_ARGUMENTS) {
            throw new IllegalArgumentException("more than " + MOST_ARGUMENTS + " arguments");
        }
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment errno = scratch.allocate(CAPTURED);
            long register = (long) CALL.invokeExact(
                    address,
                    errno,
                    argument(arguments, 0, scratch),
                    argument(arguments, 1, scratch),
                    argument(arguments, 2, scratch),
                    argument(arguments, 3, scratch),
                    argument(arguments, 4, scratch),
                    argument(arguments, 5, scratch));
            return SysResult.of(wide ? register : (int) register, (int) ERRNO.get(errno, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall handle declares Throwable but throws nothing checked", e);
        }
    }

    private static MemorySegment argument(Object[] arguments, int index, Arena scratch) {
        if (index >= arguments.length) {
            return MemorySegment.NULL;
        }
        return switch (arguments[index]) {
            case Integer value -> MemorySegment.ofAddress(value);
            case Long value -> MemorySegment.ofAddress(value);
            case MemorySegment memory -> memory;
            case ByteBuffer buffer -> MemorySegment.ofBuffer(buffer);
            case String text -> scratch.allocateFrom(text);
            default -> throw new IllegalArgumentException("no C argument: " + arguments[index]);
        };
    }
}
