package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums over the sockets of a look. They follow what the next look changes. */
public final class Totals {
    private final Map<InetAddress, Integer> peers = new HashMap<>();
    private long unread;
    private long unsent;
    private int mptcp;

    Totals() {}

    static Totals of(List<SocketRow> rows) {
        Totals totals = new Totals();
        rows.forEach(row -> totals.count(row, 1));
        return totals;
    }

    /** Follows the next look. */
    void change(Difference difference) {
        difference.gone().forEach(row -> count(row, -1));
        difference.came().forEach(row -> count(row, 1));
    }

    /** How many connections there are with each address. */
    public Map<InetAddress, Integer> peers() {
        return Collections.unmodifiableMap(peers);
    }

    /** Bytes in all Recv-Q of connections, but for MPTCP's, which aren't bytes. */
    public long unread() {
        return unread;
    }

    /** Bytes in all Send-Q of connections. */
    public long unsent() {
        return unsent;
    }

    /** How many MPTCP sockets there are. */
    public int mptcp() {
        return mptcp;
    }

    private void count(SocketRow row, int by) {
        mptcp += row.mptcp() ? by : 0;
        if (row.state() != TcpState.LISTEN) {
            unread += row.mptcp() ? 0 : by * row.recvQueue();
            unsent += by * row.sendQueue();
            countPeer(row.peerAddress(), by);
        }
    }

    private void countPeer(InetAddress peer, int by) {
        int now = peers.getOrDefault(peer, 0) + by;
        if (now == 0) {
            peers.remove(peer);
        } else {
            peers.put(peer, now);
        }
    }
}
