package io.tcplab.experiments.run;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.counters.AbortCounter;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the kernel ran out of what all namespaces share: memory for TCP (net.ipv4.tcp_mem), or sockets that no process owns
 * (net.ipv4.tcp_max_orphans). Then it ends connections by RST when they are closed, whatever the experiment does (tcp_check_oom in
 * net/ipv4/tcp.c).
 */
final class Shortage {
    private Shortage() {}

    /**
     * Why an arm shows nothing; empty if there was no shortage.
     *
     * @param moved each host's counters, by how much they moved
     */
    static Optional<String> in(Map<Role, Map<String, Long>> moved) {
        long aborted = moved.values().stream()
                .mapToLong(counters -> counters.getOrDefault(AbortCounter.ON_MEMORY.counter(), 0L))
                .sum();
        return aborted == 0
                ? Optional.empty()
                : Optional.of(
                        "the kernel had no room left for TCP on this machine and aborted %d connections (%s): something else holds very many sockets or bytes; see net.ipv4.tcp_mem and net.ipv4.tcp_max_orphans, and /proc/net/sockstat"
                                .formatted(aborted, AbortCounter.ON_MEMORY.counter()));
    }
}
