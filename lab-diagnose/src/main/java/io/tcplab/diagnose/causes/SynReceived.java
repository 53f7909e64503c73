package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Openings that stop half way: a SYN flood, a SYN queue that is too short, or ACKs that get lost. */
final class SynReceived extends Cause {
    private static final int MANY_PEERS = 20;
    private static final int MANY_COOKIES = 20;
    private static final int LEAST = 3;

    SynReceived() {
        super("syn-ack-unanswered", "SYN_RECV: a SYN flood, a full SYN queue, or final ACKs that don't arrive");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        Set<Integer> full = AcceptQueue.fullPorts(evidence);
        Requests requests = Requests.of(evidence);
        List<SocketRow> unanswered = requests.unanswered().stream()
                .filter(socket -> !full.contains(socket.localPort()))
                .toList();
        Optional<SynQueue> queue = SynQueue.of(evidence);
        int silent = Requests.silent(evidence, unanswered).size();
        Cookies cookies = Cookies.of(evidence);
        if (silent >= MANY_PEERS || (queue.isPresent() && cookies.areIgnored())) {
            return List.of(flood(evidence, unanswered, silent, queue, cookies));
        }
        if (queue.isPresent()) {
            return List.of(queueFull(evidence, requests, unanswered, silent, queue.get(), cookies));
        }
        return unanswered.size() < LEAST ? List.of() : List.of(unanswered(evidence, unanswered, silent));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long full = SynQueue.timesFull(evidence);
        return full > 0 && SynQueue.of(evidence).isEmpty()
                ? List.of("a SYN queue of this network namespace was full " + Words.count(full, "time")
                        + "; the listener is unknown: no queue observed here was even half full")
                : List.of();
    }

    /**
     * What became of SYN cookies in the window, by the namespace's counters (net/ipv4/syncookies.c).
     *
     * @param sent SYN-ACKs with a cookie
     * @param answered ACKs that brought one back
     */
    private record Cookies(long sent, long answered) {
        static Cookies of(Evidence evidence) {
            return new Cookies(
                    evidence.counted("TcpExtSyncookiesSent").orElse(0),
                    evidence.counted("TcpExtSyncookiesRecv").orElse(0));
        }

        boolean areIgnored() {
            return sent >= MANY_COOKIES && answered * 2 < sent;
        }

        String words() {
            return Words.count(sent, "SYN cookie") + " sent, " + answered
                    + " came back (SyncookiesSent, SyncookiesRecv; whole network namespace)";
        }
    }

    private Finding flood(
            Evidence evidence, List<SocketRow> sockets, int silent, Optional<SynQueue> queue, Cookies cookies) {
        List<String> lines = new ArrayList<>();
        if (!sockets.isEmpty()) {
            lines.add(resent(evidence, sockets, silent));
        }
        queue.ifPresent(full -> lines.add("the SYN queue of port " + full.port() + " was full "
                + Words.count(full.full(), "time") + "; " + Settings.SYNCOOKIES + " is "
                + evidence.settings().shown(Settings.SYNCOOKIES)));
        if (cookies.sent > 0) {
            lines.add(cookies.words());
        }
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                "syn-flood",
                sockets.isEmpty()
                        ? "a SYN flood: " + Words.number(cookies.sent - cookies.answered) + " of "
                                + Words.count(cookies.sent, "SYN cookie") + " didn't come back"
                        : Words.count(sockets.size(), "handshake") + " from "
                                + Words.count(addresses(sockets), "address") + " stop halfway: a SYN flood",
                Optional.of(TcpState.SYN_RECV),
                evidence.in(TcpState.SYN_RECV).size(),
                0,
                Certainty.LIKELY,
                "real clients acknowledge a SYN-ACK",
                List.of(new Rival(
                        "real clients, on a path that drops what this host sends, or their ACKs",
                        "ping some of these addresses: do they answer?")),
                lines,
                "Keep tcp_syncookies at 1. Check the path to one of these addresses: if it answers a ping, suspect"
                        + " the path or a"
                        + " firewall, not an attack.",
                reproduction(cookies));
    }

    private Finding queueFull(
            Evidence evidence,
            Requests requests,
            List<SocketRow> unanswered,
            int silent,
            SynQueue queue,
            Cookies cookies) {
        List<String> lines = new ArrayList<>();
        lines.add("its queue holds " + queue.room() + " handshakes: listen()'s backlog, " + queue.backlog()
                + ", plus one ("
                + Settings.SOMAXCONN + " is " + evidence.settings().shown(Settings.SOMAXCONN) + "); "
                + Math.min(queue.peak(), queue.room()) + " was the peak");
        lines.add(
                cookies.sent > 0
                        ? cookies.words()
                        : "no SYN cookies: the SYNs were dropped, and clients resend them after a second or more ("
                                + Settings.SYNCOOKIES + " is "
                                + evidence.settings().shown(Settings.SYNCOOKIES) + ", "
                                + Settings.SYN_BACKLOG + " "
                                + evidence.settings().shown(Settings.SYN_BACKLOG) + ")");
        lines.add(
                unanswered.isEmpty()
                        ? "no handshake waits for a resent SYN-ACK"
                        : resent(evidence, unanswered, silent));
        if (!requests.deferred().isEmpty()) {
            lines.add(Words.count(requests.deferred().size(), "place")
                    + " in it are taken by clients that haven't sent anything yet (TCP_DEFER_ACCEPT)");
        }
        lines.addAll(Words.examples(evidence, unanswered));
        return new Finding(
                "syn-queue-full",
                "the SYN queue of port " + queue.port() + " was full " + Words.count(queue.full(), "time") + " in "
                        + Words.time(evidence.window()) + ": its limit is too low for the bursts",
                Optional.of(TcpState.SYN_RECV),
                requests.size(),
                0,
                Certainty.LIKELY,
                "the kernel counts SYNs that find the queue full; a flood would show unanswered handshakes from "
                        + MANY_PEERS + " or more addresses, or cookies that don't come back",
                List.of(new Rival(
                        "a flood from addresses that answer", "watch the connections: do they ever send a request?")),
                lines,
                "Raise the backlog in listen(), and net.core.somaxconn, which caps it. A cookie is an emergency measure: if the"
                        + " client's last ACK is lost, the client waits on a connection that this host doesn't have.",
                reproduction(cookies));
    }

    private Finding unanswered(Evidence evidence, List<SocketRow> sockets, int silent) {
        List<String> lines = new ArrayList<>();
        lines.add(resent(evidence, sockets, silent));
        long overflows = evidence.counted("TcpExtListenOverflows").orElse(0);
        lines.add(
                overflows == 0
                        ? "no accept queue overflowed, so a full one isn't rejecting their ACKs"
                        : "accept queues overflowed " + Words.count(overflows, "time")
                                + " in this network namespace: a full one also rejects ACKs");
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "handshake") + " without a final ACK",
                Optional.of(TcpState.SYN_RECV),
                sockets.size(),
                0,
                Certainty.POSSIBLE,
                "their SYN-ACK was resent, which doesn't happen while TCP_DEFER_ACCEPT waits",
                List.of(
                        new Rival("SYN-ACKs lost on the path", "tcpdump at a client: do they arrive?"),
                        new Rival("clients that are gone", "ping some of them: do they answer?")),
                lines,
                "Look at the path from these peers: asymmetric routes, a firewall that drops what this host sends, or their ACKs.",
                Reproduction.LOST_FINAL_ACK.experiment());
    }

    private static String reproduction(Cookies cookies) {
        return (cookies.sent > 0 ? Reproduction.SYN_COOKIES : Reproduction.SYN_QUEUE_OVERFLOW).experiment();
    }

    private static String resent(Evidence evidence, List<SocketRow> sockets, int silent) {
        return sockets.size() + " of "
                + Words.count(evidence.in(TcpState.SYN_RECV).size(), "handshake")
                + " in SYN_RECV have resent their SYN-ACK, up to "
                + Words.count(
                        sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0), "time") + ", to "
                + Words.count(addresses(sockets), "address") + ", of which " + silent
                + " completed no other handshake here";
    }

    private static long addresses(List<SocketRow> sockets) {
        return sockets.stream().map(SocketRow::peerAddress).distinct().count();
    }
}
