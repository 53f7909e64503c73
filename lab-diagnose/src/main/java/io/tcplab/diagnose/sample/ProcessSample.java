package io.tcplab.diagnose.sample;

import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Suspension;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A process that holds sockets, at one moment.
 *
 * @param stat name, parent, CPU time
 * @param threads with the calls in which they wait, where this user may see them
 * @param suspension what keeps it from doing anything; then the threads' calls are those they were in when that began
 * @param watches what its epolls watch, by descriptor; empty if this user may not see
 * @param rings the descriptors of its io_urings, whose requests aren't to be seen; none where this user may not see
 * @param descriptors how many it has, and may have; empty if this user may not see
 */
public record ProcessSample(
        ProcessStat stat,
        List<ThreadCall> threads,
        Suspension suspension,
        Optional<Map<Integer, List<Epoll.Watch>>> watches,
        Set<Integer> rings,
        Optional<FdLimit> descriptors) {
    public ProcessSample {
        threads = List.copyOf(threads);
        rings = Set.copyOf(rings);
    }

    /** A process that nothing suspends and that has no io_uring. */
    public ProcessSample(
            ProcessStat stat,
            List<ThreadCall> threads,
            Optional<Map<Integer, List<Epoll.Watch>>> watches,
            Optional<FdLimit> descriptors) {
        this(stat, threads, new Suspension.None(), watches, Set.of(), descriptors);
    }

    /** {@code 4711 (nginx)}. */
    public String label() {
        return stat.id() + " (" + stat.name() + ")";
    }
}
