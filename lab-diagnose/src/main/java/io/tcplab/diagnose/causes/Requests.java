package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The target's openings in SYN_RECV, by what their SYN-ACK's timer tells.
 *
 * @param deferred their last ACK has come, and the kernel waits for data: TCP_DEFER_ACCEPT
 * @param unanswered their SYN-ACK was resent, and none of the above
 * @param young neither can be said yet
 */
record Requests(List<SocketRow> deferred, List<SocketRow> unanswered, List<SocketRow> young) {
    /** TCP_TIMEOUT_INIT of include/net/tcp.h: the first SYN-ACK's timer, which doubles each time it fires. */
    private static final long FIRST_TIMEOUT_MILLIS = 1000;

    /** Timers of seconds fire late by up to an eighth (kernel/time/timer.c), and some time passes between two questions. */
    private static final long LATE_BY_PART = 8;

    private static final long LATE_MILLIS = 250;

    /** Full sockets in SYN_RECV, of a simultaneous or a fast open, have a timer of another kind. */
    static Requests of(Evidence evidence) {
        List<SocketRow> deferred = new ArrayList<>();
        List<SocketRow> unanswered = new ArrayList<>();
        List<SocketRow> young = new ArrayList<>();
        for (SocketRow socket : evidence.in(TcpState.SYN_RECV)) {
            if (!socket.isHeld() && socket.activity() == null) {
                List<SocketRow> which =
                        isDeferred(evidence, socket) ? deferred : socket.retransmits() > 0 ? unanswered : young;
                which.add(socket);
            }
        }
        return new Requests(deferred, unanswered, young);
    }

    /** All of them. */
    int size() {
        return deferred.size() + unanswered.size() + young.size();
    }

    /** The addresses of these that have completed no other opening on their port, in any sample. */
    static Set<InetAddress> silent(Evidence evidence, List<SocketRow> requests) {
        if (requests.isEmpty()) {
            return Set.of();
        }
        Set<InetAddress> silent = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        requests.forEach(request -> {
            silent.add(request.peerAddress());
            ports.add(request.localPort());
        });
        for (Sample sample : evidence.samples()) {
            for (SocketRow socket : sample.sockets()) {
                if (socket.state().isSynchronized() && ports.contains(socket.localPort())) {
                    silent.remove(socket.peerAddress());
                }
            }
        }
        return silent;
    }

    /**
     * An opening that waits for its last ACK sends its SYN-ACK each time its timer fires: after 1, 3, 7 s and so on. One whose timer
     * fires later, or has fired meanwhile, than the number of its SYN-ACKs allows has fired without sending one. The kernel does that
     * only for an opening whose ACK has come, while TCP_DEFER_ACCEPT waits for data (syn_ack_recalc() and reqsk_timer_handler() in
     * net/ipv4/inet_connection_sock.c, tcp_check_req() in net/ipv4/tcp_minisocks.c).
     */
    private static boolean isDeferred(Evidence evidence, SocketRow socket) {
        long sent = (1L << Math.min(socket.retransmits() + 1, 30)) - 1;
        long latest = sent * FIRST_TIMEOUT_MILLIS;
        Duration seen = evidence.life(socket)
                .filter(life -> life.state() == TcpState.SYN_RECV)
                .map(SocketLife::seenFor)
                .orElse(Duration.ZERO);
        return seen.toMillis() + evidence.now(socket).timerMillis() > latest + latest / LATE_BY_PART + LATE_MILLIS;
    }
}
