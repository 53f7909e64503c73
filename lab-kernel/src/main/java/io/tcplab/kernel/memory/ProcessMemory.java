package io.tcplab.kernel.memory;

import io.tcplab.kernel.ffm.ProcFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * The most memory that this process has had so far, in bytes. What the kernel keeps for its sockets isn't in it: see {@link
 * TcpMemory}.
 *
 * @param peakResident the most that was in RAM at once: VmHWM of /proc/self/status (task_mem() in fs/proc/task_mmu.c)
 * @param peakHeap the most of Java's heap that was in use; the sum of each pool's own peak, so that it may be a little more
 */
public record ProcessMemory(long peakResident, long peakHeap) {
    private static final long KILO = 1024;

    /** Until now. */
    public static ProcessMemory now() {
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
        return new ProcessMemory(peakResident(ProcFile.read("/proc/self/status")), heap);
    }

    /** The kernel writes kilobytes, and says so. */
    static long peakResident(String status) {
        String kilobytes = ProcFile.field(status, "VmHWM");
        return Long.parseLong(kilobytes.substring(0, kilobytes.indexOf(' '))) * KILO;
    }
}
