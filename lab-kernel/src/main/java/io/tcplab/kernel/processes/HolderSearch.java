package io.tcplab.kernel.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds again and again which processes hold descriptors of which sockets. To name what a descriptor is takes the kernel some three
 * microseconds, so a process's are gone through again only if something says that they changed:
 *
 * <ul>
 *   <li>their number, which is the size of {@code /proc/PID/fd} since Linux 6.2 (proc_fd_getattr() in fs/proc/fd.c; 0 before), or the
 *       inode of that directory, which a process that is new under an old number doesn't share
 *   <li>a socket of theirs is gone
 *   <li>there is a new socket, and no process that changed holds it
 * </ul>
 *
 * <p>What none of these shows, a descriptor of a socket that others hold too, exchanged for one of something else, is seen within {@value
 * #ROUNDS} searches: each goes through a tenth of the processes whatever they say. Not for several threads.
 */
public final class HolderSearch {
    static final int ROUNDS = 10;

    private final Map<Integer, Listed> known = new HashMap<>();
    private SocketHolders last = SocketHolders.none();
    private int round;

    /** What is to be seen of a process's descriptors without going through them. */
    private record Sign(long count, Optional<Object> directory) {
        /** Of one that has ended, or of a kernel that doesn't tell. */
        static final Sign NONE = new Sign(0, Optional.empty());

        static Sign of(int pid) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(Path.of("/proc", Integer.toString(pid), "fd"), BasicFileAttributes.class);
                return new Sign(attributes.size(), Optional.ofNullable(attributes.fileKey()));
            } catch (IOException endedOrDenied) {
                return NONE;
            }
        }

        boolean isSame(Sign other) {
            return count > 0 && equals(other);
        }
    }

    /**
     * A process whose descriptors were gone through.
     *
     * @param sockets by inode, by which descriptors it holds them
     */
    private record Listed(Sign sign, Map<Long, List<SocketHolder>> sockets, OpenDescriptors open) {}

    /** Goes through all descriptors of all processes, whatever is known of them. */
    public SocketHolders all(Collection<Integer> pids, Map<Integer, OpenDescriptors> descriptors) {
        known.clear();
        last = SocketHolders.none();
        return next(pids, Set.of(), Set.of(), descriptors);
    }

    /**
     * The holders now; the very result of the search before if nothing changed.
     *
     * @param gone inodes of sockets that were there at the search before and no longer are
     * @param came inodes of sockets that weren't there
     * @param descriptors is given, by pid, the descriptors of those that could be listed
     */
    public SocketHolders next(
            Collection<Integer> pids, Set<Long> gone, Set<Long> came, Map<Integer, OpenDescriptors> descriptors) {
        round++;
        Set<Integer> bereft = new HashSet<>();
        gone.forEach(inode -> last.of(inode).forEach(holder -> bereft.add(holder.pid())));
        Search search = new Search();
        List<Integer> quiet = new ArrayList<>();
        for (int pid : pids) {
            Sign sign = Sign.of(pid);
            if (bereft.contains(pid) || isDue(pid) || !isAsBefore(pid, sign)) {
                search.list(pid, sign);
            } else {
                quiet.add(pid);
            }
        }
        if (!search.found.containsAll(came)) {
            quiet.forEach(pid -> search.list(pid, Sign.of(pid)));
        }
        search.end(new HashSet<>(pids));
        known.forEach((pid, listed) -> descriptors.put(pid, listed.open));
        last = search.result();
        return last;
    }

    private boolean isDue(int pid) {
        return pid % ROUNDS == round % ROUNDS;
    }

    private boolean isAsBefore(int pid, Sign sign) {
        Listed before = known.get(pid);
        return before != null && sign.isSame(before.sign);
    }

    /** One search: what is listed replaces what was known. */
    private final class Search {
        private final Set<Long> found = new HashSet<>();
        private final Set<Integer> denied = new HashSet<>();
        private final Set<Integer> gone = new HashSet<>();
        private final Map<Integer, Map<Long, List<SocketHolder>>> removed = new HashMap<>();
        private final Map<Integer, Map<Long, List<SocketHolder>>> added = new HashMap<>();

        void list(int pid, Sign sign) {
            Map<Long, List<SocketHolder>> sockets = new HashMap<>();
            OpenDescriptors.Collector open = new OpenDescriptors.Collector();
            switch (Descriptors.forEach(pid, (fd, target) -> {
                open.descriptor(fd, target);
                SocketHolders.add(sockets, pid, fd, target);
            })) {
                case LISTED -> replace(pid, Optional.of(new Listed(sign, sockets, open.collected())));
                case DENIED -> {
                    denied.add(pid);
                    replace(pid, Optional.empty());
                }
                case GONE -> {
                    gone.add(pid);
                    replace(pid, Optional.empty());
                }
            }
            found.addAll(sockets.keySet());
        }

        /** Forgets processes that aren't among these. */
        void end(Set<Integer> pids) {
            known.keySet().stream()
                    .filter(pid -> !pids.contains(pid))
                    .toList()
                    .forEach(pid -> replace(pid, Optional.empty()));
        }

        private void replace(int pid, Optional<Listed> listed) {
            Listed old = known.get(pid);
            Map<Long, List<SocketHolder>> before = old == null ? Map.of() : old.sockets;
            Map<Long, List<SocketHolder>> now = listed.map(Listed::sockets).orElse(Map.of());
            listed.ifPresentOrElse(found -> known.put(pid, found), () -> known.remove(pid));
            if (!before.equals(now)) {
                removed.put(pid, before);
                added.put(pid, now);
            }
        }

        SocketHolders result() {
            if (removed.isEmpty() && denied.equals(last.denied()) && gone.equals(last.gone())) {
                return last;
            }
            Map<Long, List<SocketHolder>> holders = new HashMap<>(last.byInode());
            removed.forEach((pid, sockets) -> sockets.keySet()
                    .forEach(inode -> holders.computeIfPresent(inode, (any, all) -> without(pid, all))));
            added.values()
                    .forEach(sockets ->
                            sockets.forEach((inode, own) -> holders.merge(inode, own, SocketHolders::joined)));
            return new SocketHolders(holders, denied, gone);
        }

        private static @Nullable List<SocketHolder> without(int pid, List<SocketHolder> all) {
            List<SocketHolder> others =
                    all.stream().filter(holder -> holder.pid() != pid).toList();
            return others.isEmpty() ? null : others;
        }
    }
}
