package io.tcplab.kernel.processes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A process's descriptors, as far as a diagnosis asks: how many, and which of them are event loops. To name what a descriptor is
 * takes the kernel some three microseconds, which is most of a look at hundreds of thousands, so that it is asked once a look.
 *
 * @param count how many were open
 * @param epolls those of epolls
 * @param rings those of io_urings
 */
public record OpenDescriptors(int count, List<Integer> epolls, Set<Integer> rings) {
    private static final String EPOLL = "anon_inode:[eventpoll]";
    private static final String RING = "anon_inode:[io_uring]";

    public OpenDescriptors {
        epolls = List.copyOf(epolls);
        rings = Set.copyOf(rings);
    }

    /** Collects what one listing of a process's descriptors passes. */
    static final class Collector implements Descriptors.Consumer {
        private final List<Integer> epolls = new ArrayList<>();
        private final Set<Integer> rings = new HashSet<>();
        private int count;

        @Override
        public void socket(int fd, long inode) {
            count++;
        }

        @Override
        public void other(int fd, String target) {
            count++;
            switch (target) {
                case EPOLL -> epolls.add(fd);
                case RING -> rings.add(fd);
                default -> {}
            }
        }

        OpenDescriptors collected() {
            return new OpenDescriptors(count, epolls, rings);
        }
    }
}
