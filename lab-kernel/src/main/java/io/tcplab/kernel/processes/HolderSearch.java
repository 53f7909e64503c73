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
import java.util.Objects;
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

    private final Map<Integer, Known> known = new HashMap<>();
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

    private record Known(Sign sign, Listing listing) {}

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
        Map<Integer, Sign> changed = new HashMap<>();
        Map<Integer, Sign> quiet = new HashMap<>();
        for (int pid : pids) {
            Sign sign = Sign.of(pid);
            boolean asBefore = !bereft.contains(pid) && !isDue(pid) && isAsBefore(pid, sign);
            (asBefore ? quiet : changed).put(pid, sign);
        }
        Search search = new Search(came);
        search.list(changed);
        if (!search.missing.isEmpty()) {
            search.list(quiet);
        }
        search.end(new HashSet<>(pids));
        known.forEach((pid, one) -> descriptors.put(pid, one.listing.open()));
        last = search.result();
        return last;
    }

    private boolean isDue(int pid) {
        return pid % ROUNDS == round % ROUNDS;
    }

    private boolean isAsBefore(int pid, Sign sign) {
        Known before = known.get(pid);
        return before != null && sign.isSame(before.sign);
    }

    /** One search: what is listed replaces what was known. */
    private final class Search {
        /** New sockets that no process was found to hold. */
        private final Set<Long> missing;

        private final Set<Integer> denied = new HashSet<>();
        private final Set<Integer> gone = new HashSet<>();
        private final List<Listing> removed = new ArrayList<>();
        private final List<Listing> added = new ArrayList<>();

        Search(Set<Long> came) {
            missing = new HashSet<>(came);
        }

        void list(Map<Integer, Sign> signs) {
            Listing.of(signs.keySet()).forEach((pid, listing) -> {
                switch (listing.outcome()) {
                    case LISTED -> replace(pid, new Known(Objects.requireNonNull(signs.get(pid)), listing));
                    case DENIED -> {
                        denied.add(pid);
                        forget(pid);
                    }
                    case GONE -> {
                        gone.add(pid);
                        forget(pid);
                    }
                }
                if (!missing.isEmpty()) {
                    listing.inodes().forEach(missing::remove);
                }
            });
        }

        /** Forgets processes that aren't among these. */
        void end(Set<Integer> pids) {
            known.keySet().stream().filter(pid -> !pids.contains(pid)).toList().forEach(this::forget);
        }

        private void replace(int pid, Known now) {
            Known before = known.put(pid, now);
            if (before == null || !now.listing.hasSameSocketsAs(before.listing)) {
                removed(before);
                if (now.listing.size() > 0) {
                    added.add(now.listing);
                }
            }
        }

        private void forget(int pid) {
            removed(known.remove(pid));
        }

        private void removed(@Nullable Known before) {
            if (before != null && before.listing.size() > 0) {
                removed.add(before.listing);
            }
        }

        SocketHolders result() {
            if (removed.isEmpty() && added.isEmpty() && denied.equals(last.denied()) && gone.equals(last.gone())) {
                return last;
            }
            int sockets = added.stream().mapToInt(Listing::size).sum();
            Map<Long, List<SocketHolder>> holders =
                    HashMap.newHashMap(last.byInode().size() + sockets);
            holders.putAll(last.byInode());
            removed.forEach(listing -> listing.removeFrom(holders));
            added.forEach(listing -> listing.addTo(holders));
            return new SocketHolders(holders, denied, gone);
        }
    }
}
