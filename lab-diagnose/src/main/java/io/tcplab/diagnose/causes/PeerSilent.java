package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.counters.AbortCounter;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Connections whose other end may be gone: it doesn't answer, or hasn't been asked for long. */
final class PeerSilent extends Cause {
    private static final int RETRANSMITS = 3;
    private static final Duration IDLE = Duration.ofHours(1);
    private static final String TIMEOUT = AbortCounter.ON_TIMEOUT.counter();

    /** tcp_probe_timer() in net/ipv4/tcp_timer.c, since Linux 5.11. */
    private static final String KILLS_SLOW_READERS =
            "also ends connections whose peer is alive but keeps its window closed for that long: set it above the"
                    + " longest"
                    + " pause of a slow reader.";

    PeerSilent() {
        super("half-open", "connections whose peer stopped answering, or is never probed (no keepalive)");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        List<SocketRow> silent = Stream.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT)
                .flatMap(evidence::timed)
                .filter(socket -> isUnanswered(evidence, socket))
                .collect(Collectors.toCollection(ArrayList::new));
        ClosedWindow.of(evidence).stream()
                .filter(ClosedWindow::isDead)
                .map(ClosedWindow::socket)
                .forEach(silent::add);
        if (!silent.isEmpty()) {
            findings.add(unanswered(evidence, silent));
        } else {
            givenUp(evidence).ifPresent(findings::add);
        }
        List<SocketRow> unasked = evidence.in(TcpState.ESTABLISHED).stream()
                .filter(socket -> isUnasked(evidence, socket) && socket.isHeld() && evidence.isAccepted(socket))
                .toList();
        if (!unasked.isEmpty()) {
            findings.add(unasked(evidence, unasked));
        }
        return findings;
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long ended = ended(evidence);
        return ended == 0 || givenUp(evidence).isPresent()
                ? List.of()
                : List.of("the kernel gave up " + Words.count(ended, "connection") + " or more in "
                        + Words.time(evidence.window()) + ", because the peer didn't answer (" + TIMEOUT
                        + ", whole network namespace)");
    }

    /** At least this many that were past their opening ended because nobody answered; a connect that ends so is an AttemptFail, too. */
    private static long ended(Evidence evidence) {
        return Math.max(
                0,
                evidence.counted(TIMEOUT).orElse(0)
                        - evidence.counted("TcpAttemptFails").orElse(0));
    }

    /** They ended so quickly that no look saw them wait. */
    private Optional<Finding> givenUp(Evidence evidence) {
        long ended = ended(evidence);
        if (!Resets.isMuch(evidence, ended) || !Resets.goesOn(evidence, TIMEOUT)) {
            return Optional.empty();
        }
        Neighbours neighbours = evidence.neighbours();
        return Optional.of(new Finding(
                id(),
                Words.count(ended, "connection") + " ended in " + Words.time(evidence.window())
                        + " because the peer didn't answer",
                Optional.empty(),
                Math.toIntExact(ended),
                0,
                Resets.certainty(neighbours),
                "the kernel counts connections that it gives up without an answer" + Resets.scope(evidence, neighbours),
                Resets.rivals(
                        evidence,
                        neighbours,
                        new Rival(
                                "a path that was down for a while", "do new connections to these peers get through?")),
                List.of(
                        TIMEOUT + " went up by " + evidence.counted(TIMEOUT).orElse(0) + ", TcpAttemptFails by "
                                + evidence.counted("TcpAttemptFails").orElse(0)
                                + ": an unanswered connect counts in both",
                        "the kernel sends no RST then, except after keepalive"),
                "Peers disappear without a FIN: look at the path, and at NAT timeouts. A short TCP_USER_TIMEOUT "
                        + KILLS_SLOW_READERS,
                Reproduction.DEAD_PEER_DETECTION.experiment()));
    }

    private Finding unanswered(Evidence evidence, List<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        lines.add(
                Words.grouped(sockets, socket -> "with " + socket.peerAddress().getHostAddress()));
        int most = sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0);
        lines.add("up to " + most + " consecutive unanswered retransmissions or probes; the longest silence is "
                + Words.time(Words.oldest(evidence, sockets)));
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " whose peer stopped answering",
                Words.state(sockets),
                sockets.size(),
                0,
                most > 1 ? Certainty.LIKELY : Certainty.POSSIBLE,
                "the kernel retransmits or probes and gets no answer",
                List.of(new Rival("a path that is down for a while", "do new connections to this peer get through?")),
                lines,
                "The peer's host is down, or a device on the path forgot the connection. TCP_USER_TIMEOUT limits"
                        + " how long"
                        + " unacknowledged data may wait (the default tcp_retries2 takes about 15 minutes); it "
                        + KILLS_SLOW_READERS,
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
                        + " long gone, and this side wouldn't notice",
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                0,
                Certainty.POSSIBLE,
                "no timer runs on them, so the kernel doesn't probe",
                List.of(new Rival(
                        "a peer that just has nothing to send", "the peer's own list of connections: are they in it?")),
                lines,
                "Set SO_KEEPALIVE with TCP_KEEPIDLE below the shortest NAT timeout on the path, or an idle timeout"
                        + " in the"
                        + " program.",
                Reproduction.DEAD_PEER_DETECTION.experiment());
    }

    private static boolean isUnanswered(Evidence evidence, SocketRow socket) {
        return switch (socket.timer()) {
            case RETRANSMIT -> socket.retransmits() >= RETRANSMITS;
            case KEEPALIVE -> socket.retransmits() > 1 || (socket.retransmits() > 0 && hasWaited(evidence, socket));
            case NONE, TIME_WAIT, PROBE -> false;
        };
    }

    /** A probe that was under way at one look only may have been answered since. */
    private static boolean hasWaited(Evidence evidence, SocketRow socket) {
        return evidence.life(socket)
                .map(life -> life.first().retransmits() > 0 && life.seenFor().compareTo(evidence.patience()) >= 0)
                .orElse(false);
    }

    private static boolean isUnasked(Evidence evidence, SocketRow socket) {
        Activity activity = evidence.now(socket).activity();
        return socket.timer() == SocketTimer.Kind.NONE
                && activity != null
                && Math.min(evidence.silentMillis(socket), activity.lastDataSent()) >= IDLE.toMillis();
    }
}
