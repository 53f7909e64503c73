package io.tcplab.kernel.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that this process shares with the kernel, by {@code mmap(2)} of a descriptor. */
final class SharedMapping {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private static final CFunction MMAP = CFunction.ofLong("mmap");
    private static final CFunction MUNMAP = CFunction.ofInt("munmap");

    private SharedMapping() {}

    /**
     * Maps the descriptor's memory from its beginning, to be read and written until the arena ends.
     *
     * @param what names it in messages
     */
    static MemorySegment of(int fd, long bytes, Arena arena, String what) {
        long address = MMAP.call(MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0)
                .orThrow("map " + what + " of " + bytes + " bytes", "");
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, arena, segment -> unmap(segment.address(), bytes, what));
    }

    private static void unmap(long address, long bytes, String what) {
        MUNMAP.call(address, bytes).orThrow("unmap " + what, "");
    }
}
