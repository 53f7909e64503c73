package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** This side has closed, or half closed, and the peer doesn't: it is in CLOSE_WAIT there. */
final class FinWait2 extends Cause {
    /** A half-closed connection waits for an answer, which may well take this long. */
    private static final Duration FOR_AN_ANSWER = Duration.ofSeconds(10);

    /** An orphan waits for nothing but the peer's FIN. */
    private static final Duration FOR_A_FIN = Duration.ofSeconds(5);

    private static final int ORPHANS = 10;
    private static final Duration LONG = Duration.ofMinutes(1);

    FinWait2() {
        super("peer-never-closes", "FIN_WAIT_2 without end, because the peer doesn't close");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        List<SocketRow> halfClosed = evidence.in(TcpState.FIN_WAIT2).stream()
                .filter(SocketRow::isHeld)
                .filter(socket -> waits(evidence, socket))
                .toList();
        if (!halfClosed.isEmpty()) {
            findings.add(halfClosed(evidence, halfClosed));
        }
        List<SocketRow> orphans = evidence.in(TcpState.FIN_WAIT2).stream()
                .filter(socket -> !socket.isHeld() && age(evidence, socket).compareTo(FOR_A_FIN) >= 0)
                .toList();
        if (orphans.size() >= ORPHANS) {
            findings.add(orphans(evidence, orphans));
        }
        return findings;
    }

    private Finding halfClosed(Evidence evidence, List<SocketRow> sockets) {
        boolean sure = Words.oldest(evidence, sockets).compareTo(LONG) > 0;
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "with " + socket.peer()));
        lines.add("the longest silence is " + Words.time(Words.oldest(evidence, sockets)));
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " half closed by this side (shutdown for writing), and the peer doesn't close",
                Optional.of(TcpState.FIN_WAIT2),
                sockets.size(),
                0,
                sure ? Certainty.LIKELY : Certainty.POSSIBLE,
                sure
                        ? "a descriptor is open, so tcp_fin_timeout doesn't end them, and nothing has arrived for long"
                        : "a descriptor is open, so tcp_fin_timeout doesn't end them",
                List.of(new Rival("a slow answer", "observe longer (--for 10m): does anything arrive, or the FIN?")),
                lines,
                "After a half close, limit how long you wait for the rest: a read timeout, then close(). The peer"
                        + " has its own leak; diagnose it too.",
                Reproduction.HALF_CLOSE.experiment());
    }

    private Finding orphans(Evidence evidence, List<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(
                sockets,
                socket -> evidence.isAccepted(socket)
                        ? "on port " + socket.localPort() + " with "
                                + socket.peerAddress().getHostAddress()
                        : "with " + socket.peer()));
        lines.add(Settings.FIN_TIMEOUT + " is " + evidence.settings().values().getOrDefault(Settings.FIN_TIMEOUT, "?")
                + " s: after that the kernel drops them silently, and the peer's CLOSE_WAIT stays");
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " closed by this side but not by the peer",
                Optional.of(TcpState.FIN_WAIT2),
                sockets.size(),
                0,
                Certainty.LIKELY,
                "our FIN was acknowledged, so the peer's kernel knows; its program hasn't closed",
                List.of(new Rival(
                        "a peer that still works, and would have sent more",
                        "diagnose the peer: are its sockets in CLOSE_WAIT, and do they close?")),
                lines,
                "Nothing is wrong here; the peer leaks, or its pool doesn't check idle connections. Diagnose the"
                        + " peer: it has them in"
                        + " CLOSE_WAIT.",
                Reproduction.CLOSE_WAIT_LEAK.experiment());
    }

    private static boolean waits(Evidence evidence, SocketRow socket) {
        Activity activity = evidence.now(socket).activity();
        return evidence.lasts(socket, FOR_AN_ANSWER)
                && (activity == null || activity.lastDataRecv() >= FOR_AN_ANSWER.toMillis());
    }

    /** An orphan's timer runs from tcp_fin_timeout down, as long as that is no more than TCP_TIMEWAIT_LEN, 60 s. */
    private static Duration age(Evidence evidence, SocketRow socket) {
        long whole = evidence.settings().number(Settings.FIN_TIMEOUT).orElse(0) * 1000;
        return socket.timer() == SocketTimer.Kind.TIME_WAIT
                ? Duration.ofMillis(Math.max(0, whole - evidence.now(socket).timerMillis()))
                : CloseWaits.atLeast(socket, evidence.last().atNanos());
    }
}
