package io.tcplab.kernel.processes;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What there was to see of a process's descriptors when they were gone through. Numbers, not objects: there may be a million. */
final class Listing {
    private final int pid;
    private final Descriptors.Outcome outcome;
    private final OpenDescriptors open;
    private final long[] inodes;
    private final int[] fds;

    private Listing(int pid, Descriptors.Outcome outcome, Collector collector) {
        this.pid = pid;
        this.outcome = outcome;
        this.open = collector.open.collected();
        this.inodes = collector.inodes.build().toArray();
        this.fds = collector.fds.build().toArray();
    }

    /** Goes through these processes' descriptors, by two threads: the kernel has no lock for all processes there. */
    static Map<Integer, Listing> of(Collection<Integer> pids) {
        Queue<Integer> left = new ConcurrentLinkedQueue<>(pids);
        Map<Integer, Listing> listings = new ConcurrentHashMap<>();
        Runnable worker = () -> {
            for (Integer pid = left.poll(); pid != null; pid = left.poll()) {
                listings.put(pid, of(pid));
            }
        };
        CompletableFuture<Void> other = CompletableFuture.runAsync(
                worker, task -> Thread.ofPlatform().daemon().name("descriptors").start(task));
        worker.run();
        other.join();
        return listings;
    }

    private static Listing of(int pid) {
        Collector collector = new Collector();
        return new Listing(pid, Descriptors.forEach(pid, collector), collector);
    }

    Descriptors.Outcome outcome() {
        return outcome;
    }

    OpenDescriptors open() {
        return open;
    }

    /** How many descriptors of sockets there are. */
    int size() {
        return fds.length;
    }

    /** The inodes of its sockets; one that has several descriptors comes as often. */
    LongStream inodes() {
        return Arrays.stream(inodes);
    }

    boolean hasSameSocketsAs(Listing other) {
        return Arrays.equals(inodes, other.inodes) && Arrays.equals(fds, other.fds);
    }

    void addTo(Map<Long, List<SocketHolder>> holders) {
        for (int at = 0; at < fds.length; at++) {
            holders.merge(inodes[at], List.of(new SocketHolder(pid, fds[at])), SocketHolders::joined);
        }
    }

    void removeFrom(Map<Long, List<SocketHolder>> holders) {
        inodes().forEach(inode -> holders.computeIfPresent(inode, (any, all) -> {
            List<SocketHolder> others =
                    all.stream().filter(holder -> holder.pid() != pid).toList();
            return others.isEmpty() ? null : others;
        }));
    }

    private static final class Collector implements Descriptors.Consumer {
        private final OpenDescriptors.Collector open = new OpenDescriptors.Collector();
        private final LongStream.Builder inodes = LongStream.builder();
        private final IntStream.Builder fds = IntStream.builder();

        @Override
        public void socket(int fd, long inode) {
            open.socket(fd, inode);
            inodes.add(inode);
            fds.add(fd);
        }

        @Override
        public void other(int fd, String target) {
            open.other(fd, target);
        }
    }
}
