package io.tcplab.diagnose.sample;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows of the looks before: a socket about which the kernel says the same again keeps its row. Samples in a row then share what didn't
 * change, which costs less memory and shows at a glance what did.
 *
 * <p>Of no use where a timer runs, or with tcp_info, whose ages change from look to look.
 */
final class KnownRows {
    /** Those of sockets that are gone are dropped when they are as many as those that aren't. */
    private static final int SPARE = 2;

    private static final int FEW = 1000;

    private final Map<Long, SocketRow> byCookie = new ConcurrentHashMap<>();

    /** The known row if it is the same, else this one, known from now on. For several threads. */
    SocketRow of(SocketRow row) {
        if (row.activity() != null || row.timerMillis() != 0 || row.cookie() == 0) {
            return row;
        }
        SocketRow known = byCookie.get(row.cookie());
        if (known != null && row.equals(known)) {
            return known;
        }
        byCookie.put(row.cookie(), row);
        return row;
    }

    /** Drops those of sockets that aren't among these, once they are many. */
    void keep(List<SocketRow> rows) {
        if (byCookie.size() > FEW + SPARE * rows.size()) {
            byCookie.clear();
            rows.forEach(this::of);
        }
    }
}
