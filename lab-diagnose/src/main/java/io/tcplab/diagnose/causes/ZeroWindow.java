package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The peer takes nothing any more: its window is closed, and what this side wrote waits. */
final class ZeroWindow implements Cause {
    /** A client on a slow line, or one that reads at leisure, opens its window again sooner. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    /** TCP_RTO_MIN, the least time between probes (tcp_probe0_base() in include/net/tcp.h). */
    private static final long LEAST_PAUSE_MILLIS = 200;

    @Override
    public String id() {
        return "zero-window";
    }

    @Override
    public String lookedFor() {
        return "peers that read nothing, so that what was written waits (zero window)";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = closed(evidence)
                .filter(socket -> closedFor(socket).compareTo(STALLED) >= 0)
                .toList();
        if (sockets.isEmpty()) {
            return List.of();
        }
        Duration longest = sockets.stream()
                .map(ZeroWindow::closedFor)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "to " + socket.peerAddress().getHostAddress()));
        lines.add("the window has been closed for at least " + Words.time(longest) + ", by the probes' backoff; "
                + Words.count(sockets.stream().mapToLong(SocketRow::sendQueue).sum(), "byte") + " wait in Send-Q");
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " whose peer takes nothing any more: its window is closed",
                Optional.of(sockets.getFirst().state()),
                sockets.size(),
                0,
                Certainty.CERTAIN,
                "the kernel probes a closed window; its timer and backoff say for how long",
                lines,
                "The peer's program doesn't read. Here: a write timeout, and a bound on what is queued for one client, so"
                        + " that a peer that doesn't read costs no thread and no memory.",
                ""));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long few = closed(evidence)
                .filter(socket -> closedFor(socket).compareTo(STALLED) < 0)
                .count();
        return few == 0
                ? List.of()
                : List.of(Words.count(few, "connection") + " whose peer's window is closed, for less than "
                        + Words.time(STALLED) + ": a slow reader");
    }

    private static Stream<SocketRow> closed(Evidence evidence) {
        return Stream.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, TcpState.FIN_WAIT1, TcpState.LAST_ACK)
                .flatMap(state -> evidence.in(state).stream())
                .filter(socket -> socket.timer() == SocketTimer.Kind.PROBE && socket.sendQueue() > 0);
    }

    /**
     * The n-th probe is followed by 2^n pauses, of which the timer tells what is left; an opened window sets n to 0
     * (tcp_send_probe0() and tcp_ack_probe()).
     */
    private static Duration closedFor(SocketRow socket) {
        Activity activity = socket.activity();
        if (activity == null) {
            return Duration.ZERO;
        }
        long pause = Math.max(LEAST_PAUSE_MILLIS, activity.rtoMicros() / 1000);
        long pauses = 1L << Math.min(activity.backoff(), 30);
        long sinceProbe = Math.max(0, pause * pauses - socket.timerMillis());
        long past = pause * (pauses - 1) + sinceProbe;
        return Duration.ofMillis(Math.min(past, Math.max(0, activity.lastDataSent())));
    }
}
