package io.tcplab.kernel.processes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a process's event loops are made of.
 *
 * @param watches what its epolls watch, by the descriptor that is watched; that may be an epoll itself
 * @param rings the descriptors of its io_urings. What a ring waits for isn't to be seen, unlike an epoll's watches: fdinfo names
 *     polled requests by their operation, not by their descriptor (__io_uring_show_fdinfo() in io_uring/fdinfo.c)
 */
public record EventLoops(Map<Integer, List<Epoll.Watch>> watches, Set<Integer> rings) {
    public EventLoops {
        watches = Map.copyOf(watches);
        rings = Set.copyOf(rings);
    }

    /**
     * Goes through the process's descriptors once. Empty if this user may not see them (PTRACE_MODE_READ_FSCREDS), or the process
     * has ended: that isn't the same as to have no loops.
     */
    public static Optional<EventLoops> of(int pid) {
        OpenDescriptors.Collector descriptors = new OpenDescriptors.Collector();
        return Descriptors.forEach(pid, descriptors) == Descriptors.Outcome.LISTED
                ? Optional.of(of(pid, descriptors.collected()))
                : Optional.empty();
    }

    /** Of a process whose descriptors have been listed already. */
    public static EventLoops of(int pid, OpenDescriptors descriptors) {
        Map<Integer, List<Epoll.Watch>> watches = new HashMap<>();
        for (int epoll : descriptors.epolls()) {
            // An epoll that has been closed meanwhile watches nothing.
            Processes.text("/proc/" + pid + "/fdinfo/" + epoll)
                    .ifPresent(fdinfo -> Epoll.parse(epoll, fdinfo)
                            .forEach(watch -> watches.computeIfAbsent(watch.fd(), fd -> new ArrayList<>())
                                    .add(watch)));
        }
        return new EventLoops(watches, descriptors.rings());
    }
}
