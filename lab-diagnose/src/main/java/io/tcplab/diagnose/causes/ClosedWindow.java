package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A connection whose peer's window is closed, and what the probes of it tell (tcp_probe_timer() in net/ipv4/tcp_timer.c,
 * tcp_send_probe0() in net/ipv4/tcp_output.c, tcp_ack_probe() in net/ipv4/tcp_input.c).
 *
 * @param unanswered probes in a row that got no answer
 * @param sinceProbe since the last one was sent
 * @param closedFor how long the window has been closed, at least
 * @param silentFor since anything came
 */
record ClosedWindow(SocketRow socket, int unanswered, Duration sinceProbe, Duration closedFor, Duration silentFor) {
    /** TCP_RTO_MIN, the least time between probes (tcp_probe0_base() in include/net/tcp.h). */
    private static final long LEAST_PAUSE_MILLIS = 200;

    /** Longer than any answer takes, and than a peer keeps an answer back (tcp_invalid_ratelimit, 500 ms). */
    private static final Duration FOR_AN_ANSWER = Duration.ofSeconds(2);

    /** Those of the target's. */
    static List<ClosedWindow> of(Evidence evidence) {
        return Stream.of(
                        TcpState.ESTABLISHED,
                        TcpState.CLOSE_WAIT,
                        TcpState.FIN_WAIT1,
                        TcpState.CLOSING,
                        TcpState.LAST_ACK)
                .flatMap(evidence::timed)
                .filter(socket -> socket.timer() == SocketTimer.Kind.PROBE && socket.sendQueue() > 0)
                .map(socket -> of(evidence, socket))
                .toList();
    }

    /** The peer answered no probe for as long as this looked back: then its path is dead, too, and not only its reader slow. */
    boolean isDead() {
        boolean due = unanswered > 1 || sinceProbe.compareTo(FOR_AN_ANSWER) >= 0;
        return unanswered > 0 && due && silentFor.compareTo(FOR_AN_ANSWER) >= 0;
    }

    /**
     * The n-th probe is followed by 2^n pauses, of which the timer tells what is left; answered or not, only an opened window sets n
     * to 0.
     */
    private static ClosedWindow of(Evidence evidence, SocketRow socket) {
        Duration silentFor = Duration.ofMillis(Math.max(0, evidence.silentMillis(socket)));
        SocketRow now = evidence.now(socket);
        Activity activity = now.activity();
        if (activity == null) {
            return new ClosedWindow(socket, socket.retransmits(), Duration.ZERO, Duration.ZERO, silentFor);
        }
        long pause = Math.max(LEAST_PAUSE_MILLIS, activity.rtoMicros() / 1000);
        long pauses = 1L << Math.min(activity.backoff(), 30);
        long sinceProbe = Math.max(0, pause * pauses - now.timerMillis());
        long past = pause * (pauses - 1) + sinceProbe;
        return new ClosedWindow(
                socket,
                socket.retransmits(),
                Duration.ofMillis(Math.min(sinceProbe, Math.max(0, activity.lastAckRecv()))),
                Duration.ofMillis(Math.min(past, Math.max(0, activity.lastDataSent()))),
                silentFor);
    }
}
