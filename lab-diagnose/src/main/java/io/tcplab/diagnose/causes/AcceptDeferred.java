package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import java.util.Collection;
import java.util.List;

/** Complete handshakes that accept() doesn't return yet, because TCP_DEFER_ACCEPT waits for the client's data. */
final class AcceptDeferred extends Cause {
    private static final String ID = "accept-deferred";

    /** Counts each ACK that is put aside, in tcp_check_req() of net/ipv4/tcp_minisocks.c. */
    private static final String COUNTER = "TcpExtTCPDeferAcceptDrop";

    AcceptDeferred() {
        super(ID, "handshakes that wait for the client's data (TCP_DEFER_ACCEPT)");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        return List.of();
    }

    @Override
    public List<String> observe(Evidence evidence) {
        Requests requests = Requests.of(evidence);
        long put = evidence.counted(COUNTER).orElse(0);
        if (!requests.deferred().isEmpty()) {
            return List.of(certain(requests.deferred()));
        }
        return put > 0 && !requests.young().isEmpty() ? List.of(possible(requests.young(), put)) : List.of();
    }

    private static String certain(Collection<SocketRow> sockets) {
        return ID + " (certain): " + Words.count(sockets.size(), "handshake") + " in SYN_RECV, "
                + Words.grouped(sockets, socket -> "on port " + socket.localPort())
                + ", whose last ACK has arrived: their timer has run out and no SYN-ACK was resent, which happens only"
                + " while TCP_DEFER_ACCEPT waits for data. These clients are connected and haven't sent anything"
                + " yet, so"
                + " accept() doesn't return them; until then they take up the SYN queue";
    }

    private static String possible(Collection<SocketRow> sockets, long put) {
        return ID + " (possible): " + Words.count(sockets.size(), "handshake") + " in SYN_RECV, "
                + Words.grouped(sockets, socket -> "on port " + socket.localPort())
                + ", for less than a second. " + COUNTER + " went up by " + put
                + ": a listener in this network namespace"
                + " waits for data (TCP_DEFER_ACCEPT). This early, a delayed or lost ACK looks the same; observe"
                + " longer";
    }
}
