package io.tcplab.kernel.ffm;

import static io.tcplab.kernel.ffm.CFunctions.bind;
import static io.tcplab.kernel.ffm.CFunctions.capture;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory that this process shares with the kernel, by {@code mmap(2)} of a descriptor. */
final class SharedMapping {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private static final MethodHandle MMAP =
            bind("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = bind("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private SharedMapping() {}

    /**
     * Maps the descriptor's memory from its beginning, to be read and written until the arena ends.
     *
     * @param what names it in messages
     */
    static MemorySegment of(int fd, long bytes, Arena arena, String what) {
        long address = capture((errno, scratch) ->
                        (long) MMAP.invokeExact(errno, 0L, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0L))
                .orThrow("map " + what + " of " + bytes + " bytes", "");
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, arena, segment -> unmap(segment.address(), bytes, what));
    }

    private static void unmap(long address, long bytes, String what) {
        capture((errno, scratch) -> (int) MUNMAP.invokeExact(errno, address, bytes))
                .orThrow("unmap " + what, "");
    }
}
