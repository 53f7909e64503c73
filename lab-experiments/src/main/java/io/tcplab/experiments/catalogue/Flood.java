package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.util.function.Predicate;

/**
 * What a listener did with a flood of SYNs.
 *
 * @param halfOpen how many it holds in SYN_RECV
 * @param counters how far each counter went
 */
record Flood(long halfOpen, Counters counters) {
    static final String DROPS = "TcpExtListenDrops";
    static final String OVERFLOWS = "TcpExtListenOverflows";
    static final String COOKIES = "TcpExtTCPReqQFullDoCookies";

    /** As {@link #of(Trial, String, int, int, Runnable)}, doing nothing then. */
    static Flood of(Trial trial, String part, int queue, int syns) throws InterruptedException {
        return of(trial, part, queue, syns, () -> {});
    }

    /**
     * Sends this many SYNs that nobody completes to a new listener.
     *
     * @param part of the run, in words
     * @param queue second argument of listen(2)
     * @param whileFull what to do when the server has made up its mind about all of them, and before it forgets them
     */
    static Flood of(Trial trial, String part, int queue, int syns, Runnable whileFull) throws InterruptedException {
        trial.step("%s: %d SYNs that nobody completes".formatted(part, syns));
        // Closing the listener forgets what it holds in SYN_RECV, before any of it is sent again.
        try (Socket listener = trial.listener(queue)) {
            Counters before = trial.server().counters();
            SynFlood.send(trial, listener.local(), syns);
            SocketQuery halfOpen = SocketQuery.ofStates(TcpState.SYN_RECV).withLocalPort(listener.port());
            Predicate<Census> decided = census -> after(trial, before, census).decided() >= syns;
            Census full = trial.server().await(halfOpen, decided, Host.SOON);
            whileFull.run();
            return after(trial, before, full);
        }
    }

    private static Flood after(Trial trial, Counters before, Census census) {
        return new Flood(census.size(), trial.server().counters().since(before));
    }

    /** SYNs of which the server has made up its mind. */
    private long decided() {
        return halfOpen + counted(DROPS) + counted(COOKIES);
    }

    /** How far a counter went. */
    long counted(String counter) {
        return counters.get(counter);
    }
}
