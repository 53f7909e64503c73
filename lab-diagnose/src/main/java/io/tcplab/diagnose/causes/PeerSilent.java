package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connections whose other end may be gone: it doesn't answer, or hasn't been asked for long. */
final class PeerSilent implements Cause {
    private static final int RETRANSMITS = 3;
    private static final Duration IDLE = Duration.ofHours(1);

    @Override
    public String id() {
        return "half-open";
    }

    @Override
    public String lookedFor() {
        return "connections whose peer doesn't answer any more, or is never asked (no keepalive)";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        List<SocketRow> open = new ArrayList<>(evidence.in(TcpState.ESTABLISHED));
        open.addAll(evidence.in(TcpState.CLOSE_WAIT));
        List<SocketRow> silent = open.stream().filter(PeerSilent::isUnanswered).toList();
        if (!silent.isEmpty()) {
            findings.add(unanswered(evidence, silent));
        }
        List<SocketRow> unasked = open.stream()
                .filter(socket -> socket.isHeld() && evidence.isAccepted(socket) && isUnasked(socket))
                .toList();
        if (!unasked.isEmpty()) {
            findings.add(unasked(evidence, unasked));
        }
        return findings;
    }

    private Finding unanswered(Evidence evidence, List<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        lines.add(
                Words.grouped(sockets, socket -> "with " + socket.peerAddress().getHostAddress()));
        lines.add("up to "
                + sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0)
                + " retransmissions or probes in a row without an answer; the longest silence is "
                + Words.time(Words.oldest(evidence, sockets)));
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " whose peer doesn't answer any more",
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                0,
                Certainty.LIKELY,
                "the kernel retransmits and gets no answer; a path that is down for a while looks the same",
                lines,
                "The peer's host is off or a device on the way forgot the connection. TCP_USER_TIMEOUT limits how long"
                        + " unacknowledged data may wait (the default tcp_retries2 takes about 15 minutes).",
                Reproduction.DEAD_PEER_DETECTION.experiment());
    }

    private Finding unasked(Evidence evidence, List<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "on port " + socket.localPort()));
        lines.add("the longest silence is " + Words.time(Words.oldest(evidence, sockets)));
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " idle for more than an hour without keepalive: the peer may be"
                        + " long gone, and nothing would tell",
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                0,
                Certainty.POSSIBLE,
                "no timer runs on them, so the kernel asks nobody; a peer that merely has nothing to say looks the same",
                lines,
                "Set SO_KEEPALIVE with TCP_KEEPIDLE below the shortest NAT timeout on the way, or an idle timeout in the"
                        + " program.",
                Reproduction.DEAD_PEER_DETECTION.experiment());
    }

    private static boolean isUnanswered(SocketRow socket) {
        return switch (socket.timer()) {
            case RETRANSMIT -> socket.retransmits() >= RETRANSMITS;
            case KEEPALIVE -> socket.retransmits() > 0;
            case NONE, TIME_WAIT, PROBE -> false;
        };
    }

    private static boolean isUnasked(SocketRow socket) {
        Activity activity = socket.activity();
        return socket.timer() == SocketTimer.Kind.NONE
                && activity != null
                && Math.min(activity.lastAckRecv(), activity.lastDataSent()) >= IDLE.toMillis();
    }
}
