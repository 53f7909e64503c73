package io.tcplab.kernel.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** Binds functions of libc so that each call's errno comes back with its result. */
final class CFunctions {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CFunctions() {}

    /**
     * A call that has been bound with {@link #bind}; {@code errno} is its first argument, {@code scratch} ends with the
     * call.
     */
    @FunctionalInterface
    interface Call {
        long make(MemorySegment errno, Arena scratch) throws Throwable;
    }

    /**
     * A handle whose first argument is where errno goes.
     *
     * @param arguments the C arguments' layouts
     */
    static MethodHandle bind(String name, ValueLayout result, ValueLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments), List.of());
    }

    /**
     * As {@link #bind}, for a variadic function: an ABI may pass those arguments elsewhere.
     *
     * @param firstVariadic index of the first argument that the C prototype covers with {@code ...}
     */
    static MethodHandle bindVariadic(String name, int firstVariadic, ValueLayout result, ValueLayout... arguments) {
        return link(
                name, FunctionDescriptor.of(result, arguments), List.of(Linker.Option.firstVariadicArg(firstVariadic)));
    }

    /**
     * Makes one call. Its scratch memory is freed before this returns; a malloc and a free are small change beside a
     * system call, and nothing is shared between threads.
     */
    static SysResult capture(Call call) {
        return SystemCallFaults.POSSIBLE ? SystemCallFaults.decide(() -> make(call)) : make(call);
    }

    private static SysResult make(Call call) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment errno = scratch.allocate(CAPTURED);
            long value = call.make(errno, scratch);
            return SysResult.of(value, (int) ERRNO.get(errno, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall handle declares Throwable but throws nothing checked", e);
        }
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor, List<Linker.Option> variadic) {
        List<Linker.Option> options = new ArrayList<>(variadic);
        options.add(Linker.Option.captureCallState("errno"));
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(address, descriptor, options.toArray(Linker.Option[]::new));
    }
}
