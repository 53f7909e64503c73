package io.tcplab.diagnose.sample;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The rows of a look and of the one before: a socket about which the kernel says the same again, but that it has grown older, keeps its
 * row. Samples in a row then share what didn't change, which costs less memory and shows at a glance what did.
 *
 * <p>Sockets are found again by their place: the kernel goes through its table in the same order each time, and what came and went shifts
 * the others by a few. A socket that isn't found so has a new row; that is never wrong, only dearer.
 */
final class KnownRows {
    /** So many places ahead a socket is looked for that isn't where it is expected. */
    private static final int AHEAD = 64;

    private final SocketRow[] before;
    private final SocketRow[] now;
    private int at;

    private KnownRows(SocketRow[] before, SocketRow[] now) {
        this.before = before;
        this.now = now;
    }

    /** The rows as they are now, with those of before in the place of those that say nothing new. */
    static List<SocketRow> of(List<SocketRow> before, List<SocketRow> now) {
        if (before.isEmpty()) {
            return now;
        }
        KnownRows rows = new KnownRows(before.toArray(SocketRow[]::new), now.toArray(SocketRow[]::new));
        rows.share();
        return Collections.unmodifiableList(Arrays.asList(rows.now));
    }

    private void share() {
        for (int row = 0; row < now.length; row++) {
            int known = find(before, at, now[row]);
            if (known == before.length) {
                passGone(row);
                known = find(before, at, now[row]);
            }
            if (known < before.length) {
                at = known + 1;
                now[row] = before[known].goesOnAs(now[row]) ? before[known] : now[row];
            }
        }
    }

    private void passGone(int row) {
        while (at < before.length && find(now, row, before[at]) == now.length) {
            at++;
        }
    }

    /** Where the same socket is, from a place on; the list's length if it isn't near. */
    private static int find(SocketRow[] rows, int from, SocketRow wanted) {
        int end = Math.min(rows.length, from + AHEAD);
        for (int place = from; place < end; place++) {
            if (rows[place].cookie() == wanted.cookie()) {
                return place;
            }
        }
        return rows.length;
    }
}
