package io.tcplab.diagnose.sample;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The inodes of the sockets that processes hold, in ascending order: so two looks are compared at the cost of a walk along both. */
final class HeldInodes {
    static final HeldInodes NONE = new HeldInodes(new long[0]);

    private final long[] ascending;

    private HeldInodes(long[] ascending) {
        this.ascending = ascending;
    }

    static HeldInodes of(List<SocketRow> rows) {
        long[] inodes = rows.stream()
                .filter(SocketRow::isHeld)
                .mapToLong(SocketRow::inode)
                .toArray();
        Arrays.sort(inodes);
        return new HeldInodes(inodes);
    }

    /** Those that aren't among the others. */
    Set<Long> without(HeldInodes others) {
        Set<Long> own = new HashSet<>();
        int other = 0;
        for (long inode : ascending) {
            while (other < others.ascending.length && others.ascending[other] < inode) {
                other++;
            }
            if (other == others.ascending.length || others.ascending[other] != inode) {
                own.add(inode);
            }
        }
        return own;
    }
}
