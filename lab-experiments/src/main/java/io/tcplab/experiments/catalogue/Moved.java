package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import java.util.HashSet;
import java.util.Set;

/** Sockets that were seen to have moved more than this many bytes, at one look or another. */
final class Moved {
    private final int all;
    private final TcpInfoField counter;
    private final long bytes;
    private final Set<Long> seen = new HashSet<>();

    /**
     * None yet.
     *
     * @param all how many sockets there are
     * @param counter of the bytes that a socket has moved
     * @param bytes what it has moved more than
     */
    Moved(int all, TcpInfoField counter, long bytes) {
        this.all = all;
        this.counter = counter;
        this.bytes = bytes;
    }

    /** Looks at them. A socket that its process has closed is a minisocket, without tcp_info: it neither sends nor receives. */
    void note(Census census) {
        census.sockets().stream()
                .filter(socket -> socket.info().stream().anyMatch(info -> info.require(counter) > bytes))
                .map(TcpSocket::cookie)
                .forEach(seen::add);
    }

    /** Whether all of them were seen. */
    boolean all() {
        return seen.size() == all;
    }

    /**
     * How many were seen.
     *
     * @param complete whether all had all their bytes, and ended in good order: then those that weren't seen moved them as well
     * @throws EvidenceMissing if they did so before this machine looked
     */
    long seen(boolean complete) {
        int missed = all - seen.size();
        if (complete && missed > 0) {
            throw EvidenceMissing.busy(
                    "%d of %d connections had ended before they were looked at".formatted(missed, all));
        }
        return seen.size();
    }
}
