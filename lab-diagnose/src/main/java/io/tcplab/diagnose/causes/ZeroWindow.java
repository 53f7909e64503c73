package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The peer stopped reading, but its kernel answers: its window is closed, and data written by this side waits. */
final class ZeroWindow extends Cause {
    /** A client on a slow line, or one that reads at leisure, opens its window again sooner. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    ZeroWindow() {
        super("zero-window", "peers that don't read, so that written data waits (zero window)");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<ClosedWindow> windows = alive(evidence).stream()
                .filter(window -> window.closedFor().compareTo(STALLED) >= 0)
                .toList();
        return windows.isEmpty() ? List.of() : List.of(finding(evidence, windows));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long few = alive(evidence).stream()
                .filter(window -> window.closedFor().compareTo(STALLED) < 0)
                .count();
        return few == 0
                ? List.of()
                : List.of(Words.count(few, "connection") + " whose peer's window is closed, for less than "
                        + Words.time(STALLED) + ": a slow reader");
    }

    private static List<ClosedWindow> alive(Evidence evidence) {
        return ClosedWindow.of(evidence).stream()
                .filter(window -> !window.isDead())
                .toList();
    }

    private Finding finding(Evidence evidence, List<ClosedWindow> windows) {
        List<SocketRow> sockets = windows.stream().map(ClosedWindow::socket).toList();
        Duration longest = windows.stream()
                .map(ClosedWindow::closedFor)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "to " + socket.peerAddress().getHostAddress()));
        lines.add("the window has been closed for at least " + Words.time(longest) + ", by the probes' backoff; "
                + Words.count(sockets.stream().mapToLong(SocketRow::sendQueue).sum(), "byte") + " wait in Send-Q");
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connection") + " whose peer stopped reading: its window is closed",
                Words.state(sockets),
                sockets.size(),
                0,
                Certainty.LIKELY,
                "the peer's kernel answers the zero-window probes, so the path works and its program doesn't read",
                List.of(new Rival(
                        "a slow reader: its window opens when a sixteenth of its buffer is free",
                        "observe longer (--for 10m): does Send-Q shrink?")),
                lines,
                "The peer's program doesn't read. On this side, set a write timeout, and limit what is queued for"
                        + " one client, so"
                        + " that such a peer costs no thread and little memory. TCP_USER_TIMEOUT also ends such a"
                        + " connection, but also one with a slow reader.",
                "");
    }
}
