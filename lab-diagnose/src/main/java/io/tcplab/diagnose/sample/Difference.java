package io.tcplab.diagnose.sample;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What distinguishes a sample's rows from those of the sample before. A socket about which the kernel says the same keeps its row, and
 * the kernel lists it in the same place, so that two samples alike are compared at the cost of a pointer each.
 *
 * @param gone rows that are only in the one before: the socket is gone, or something of it changed
 * @param came rows that are only in the later one
 * @param moved whether a row that is in both has another place in the list
 */
public record Difference(List<SocketRow> gone, List<SocketRow> came, boolean moved) {
    /** So far ahead a row is looked for that isn't where it was: a bucket of the kernel's hash table holds fewer. */
    private static final int AHEAD = 64;

    public Difference {
        gone = List.copyOf(gone);
        came = List.copyOf(came);
    }

    /** Compares by identity, not by what is in the rows. */
    public static Difference between(List<SocketRow> before, List<SocketRow> after) {
        Comparison comparison = new Comparison(before.toArray(SocketRow[]::new), after.toArray(SocketRow[]::new));
        comparison.run();
        return comparison.difference();
    }

    /** Whether the later sample has the same rows in the same order. */
    public boolean isNone() {
        return gone.isEmpty() && came.isEmpty() && !moved;
    }

    /** Walks along both lists. */
    @SuppressWarnings("ReferenceEquality") // equal rows would have to be compared field by field
    private static final class Comparison {
        private final SocketRow[] before;
        private final SocketRow[] after;
        private final List<SocketRow> gone = new ArrayList<>();
        private final List<SocketRow> came = new ArrayList<>();
        private int at;
        private int now;

        Comparison(SocketRow[] before, SocketRow[] after) {
            this.before = before;
            this.after = after;
        }

        void run() {
            while (at < before.length && now < after.length) {
                if (before[at] == after[now]) {
                    at++;
                    now++;
                } else if (isSameSocket(before[at], after[now])) {
                    gone(1);
                    came(1);
                } else {
                    part();
                }
            }
            while (at < before.length) {
                gone.add(before[at++]);
            }
            while (now < after.length) {
                came.add(after[now++]);
            }
        }

        private static boolean isSameSocket(SocketRow row, SocketRow other) {
            return row.cookie() == other.cookie();
        }

        /** Skips what is only on one side, up to the nearest socket that is on both; else a row on each. */
        private void part() {
            for (int ahead = 1; ahead <= AHEAD; ahead++) {
                if (now + ahead < after.length && isSameSocket(before[at], after[now + ahead])) {
                    came(ahead);
                    return;
                }
                if (at + ahead < before.length && isSameSocket(before[at + ahead], after[now])) {
                    gone(ahead);
                    return;
                }
            }
            gone(1);
            came(1);
        }

        private void came(int rows) {
            for (int row = 0; row < rows; row++) {
                came.add(after[now++]);
            }
        }

        private void gone(int rows) {
            for (int row = 0; row < rows; row++) {
                gone.add(before[at++]);
            }
        }

        /** What was skipped on both sides has only moved; a list may have a row twice. */
        Difference difference() {
            if (gone.isEmpty() || came.isEmpty()) {
                return new Difference(gone, came, false);
            }
            IdentityHashMap<SocketRow, Integer> skipped = new IdentityHashMap<>();
            gone.forEach(row -> skipped.merge(row, 1, Integer::sum));
            List<SocketRow> onlyAfter =
                    came.stream().filter(row -> !takes(skipped, row)).toList();
            List<SocketRow> onlyBefore =
                    gone.stream().filter(row -> takes(skipped, row)).toList();
            return new Difference(onlyBefore, onlyAfter, onlyAfter.size() < came.size());
        }

        private static boolean takes(IdentityHashMap<SocketRow, Integer> from, SocketRow row) {
            int left = from.getOrDefault(row, 0);
            from.put(row, Math.max(0, left - 1));
            return left > 0;
        }
    }
}
