package io.tcplab.kernel.processes;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which processes hold descriptors of which sockets, by the links in {@code /proc/PID/fd}.
 *
 * @param byInode a socket's inode to those who hold it
 * @param denied processes whose descriptors this user may not see: another user's, without CAP_SYS_PTRACE
 * @param gone processes that had ended
 */
public record SocketHolders(Map<Long, List<SocketHolder>> byInode, Set<Integer> denied, Set<Integer> gone) {
    private static final Comparator<SocketHolder> BY_PID =
            Comparator.comparingInt(SocketHolder::pid).thenComparingInt(SocketHolder::fd);

    /** The map isn't copied: of hundreds of thousands that takes as long as to fill it. */
    public SocketHolders {
        byInode = Collections.unmodifiableMap(byInode);
        denied = Set.copyOf(denied);
        gone = Set.copyOf(gone);
    }

    /** No process holds anything, by what this user may see. */
    public static SocketHolders none() {
        return new SocketHolders(Map.of(), Set.of(), Set.of());
    }

    /** The sockets of these processes. Who asks again and again takes a {@link HolderSearch}. */
    public static SocketHolders of(Collection<Integer> pids) {
        return new HolderSearch().all(pids, new HashMap<>());
    }

    /** The holders of the socket with this inode; empty if none of the processes that were asked for holds it. */
    public List<SocketHolder> of(long inode) {
        return byInode.getOrDefault(inode, List.of());
    }

    /** Whether two or more of the processes hold it. */
    public boolean areSeveral(long inode) {
        List<SocketHolder> holders = of(inode);
        return holders.size() > 1
                && holders.stream()
                        .anyMatch(holder -> holder.pid() != holders.getFirst().pid());
    }

    /** In the order of their pids, whichever was found first. */
    static List<SocketHolder> joined(List<SocketHolder> some, List<SocketHolder> more) {
        SocketHolder[] all = new SocketHolder[some.size() + more.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < some.size() ? some.get(i) : more.get(i - some.size());
        }
        Arrays.sort(all, BY_PID);
        return List.of(all);
    }
}
