package io.tcplab.kernel.counters;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a namespace's counters read at one moment, or how far they went between two.
 *
 * <p>Names are those that nstat(8) prints: group and counter in one word, "TcpExtListenOverflows", "TcpOutRsts". Which
 * there are depends on the kernel. A few are no counters but levels, "TcpCurrEstab", or constants, "TcpRtoMin"; their
 * difference can be negative.
 *
 * @param atNanos when they were read, on System.nanoTime's clock; of a difference, its end
 * @param values in the kernel's order
 */
public record Counters(long atNanos, Map<String, Long> values) {
    public Counters {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * How far each counter went since {@code before}, which must be of the same namespace. What {@code before} lacks was 0:
     * a type of ICMP message is listed once there was one (net/ipv4/proc.c, icmpmsg_put).
     */
    public Counters since(Counters before) {
        Map<String, Long> differences = new LinkedHashMap<>();
        values.forEach((name, value) -> differences.put(name, value - before.values.getOrDefault(name, 0L)));
        return new Counters(atNanos, differences);
    }

    /** Whether this kernel has a counter of that name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * What the counter of that name reads.
     *
     * @throws KernelException ENOENT if this kernel has no counter of that name
     */
    public long get(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new KernelException(
                    "read counter " + name,
                    Errno.ENOENT,
                    "this kernel has no such counter" + Nearest.hint(name, values.keySet()));
        }
        return value;
    }
}
