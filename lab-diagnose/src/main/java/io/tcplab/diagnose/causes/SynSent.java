package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.counters.AbortCounter;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Connects to a host that doesn't answer at all. */
final class SynSent extends Cause {
    /** Connects that end before the kernel sends their SYN again say little each. */
    private static final int MANY = 5;

    /** Fewer failures are what a health check or a restart brings. */
    private static final int FEW = 3;

    SynSent() {
        super("syn-unanswered", "unanswered SYN_SENT");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> now = evidence.in(TcpState.SYN_SENT).stream()
                .filter(socket -> socket.retransmits() > 0)
                .toList();
        List<SocketRow> gone = neverAnswered(evidence, gone(evidence));
        List<SocketRow> resent = Stream.concat(now.stream(), gone.stream().filter(socket -> socket.retransmits() > 0))
                .toList();
        if (!resent.isEmpty() && !mayBeRefused(evidence, resent)) {
            return List.of(finding(evidence, resent, now.size(), true));
        }
        return gone.size() >= MANY && answered(evidence) < FEW ? List.of(finding(evidence, gone, 0, false)) : List.of();
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long answered = answered(evidence);
        return answered < FEW
                ? List.of()
                : List.of(Words.count(answered, "handshake") + " failed in " + Words.time(evidence.window())
                        + " although there was an answer (TcpAttemptFails, whole network namespace): refused by"
                        + " RST, as from a closed port"
                        + " or a rejecting firewall, or by ICMP (IcmpInDestUnreachs went up by "
                        + evidence.counted("IcmpInDestUnreachs").orElse(0)
                        + "); or, for incoming ones, reset by the client halfway");
    }

    @Override
    public List<String> untold(Evidence evidence) {
        List<SocketRow> gone = neverAnswered(evidence, gone(evidence));
        // With so few looks not even a client that tries all the time is seen often.
        int least = evidence.samples().size() > MANY ? FEW : 1;
        if (gone.size() < least
                || gone.size() >= MANY
                || answered(evidence) >= FEW
                || !find(evidence).isEmpty()) {
            return List.of();
        }
        long enough = Math.ceilDiv(evidence.window().multipliedBy(2L * MANY).toSeconds(), gone.size());
        return List.of("whether connects are answered (" + Words.grouped(gone, socket -> "to " + socket.peer())
                + "): only " + gone.size() + " seen to end, each before its SYN was resent. To tell: --for "
                + enough + "s");
    }

    private Finding finding(Evidence evidence, List<SocketRow> sockets, int now, boolean resent) {
        int most = sockets.stream().mapToInt(SocketRow::retransmits).max().orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(Words.grouped(sockets, socket -> "to " + socket.peer())
                + (resent && now < sockets.size() ? "; " + now + " of them still in progress" : ""));
        lines.add(
                resent
                        ? "the SYN was resent up to " + Words.count(most, "time")
                        : "each ended before its SYN was resent, a second later");
        long givenUp = givenUp(evidence);
        if (givenUp > 0) {
            lines.add("the kernel gave up " + Words.count(givenUp, "connection") + " in "
                    + Words.time(evidence.window()) + " ("
                    + AbortCounter.ON_TIMEOUT.counter() + ", whole network namespace), of which up to "
                    + Math.min(givenUp, evidence.counted("TcpAttemptFails").orElse(0))
                    + " were still in the handshake (TcpAttemptFails): then it sends nothing, not even a RST");
        }
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                Words.count(sockets.size(), "connect") + " to "
                        + Words.count(
                                sockets.stream().map(SocketRow::peer).distinct().count(), "destination")
                        + " without an answer, not even a refusal",
                Optional.of(TcpState.SYN_SENT),
                sockets.size(),
                0,
                most > 1 || (resent && sockets.size() >= MANY) ? Certainty.LIKELY : Certainty.POSSIBLE,
                resent
                        ? "a closed port would answer with RST; " + silence(evidence, sockets)
                        : "no connection to it was open during the diagnosis, and the program gives up each connect"
                                + " within a second;"
                                + " a longer timeout would show more",
                List.of(
                        new Rival(
                                "a listener with full queues, which silently drops SYNs",
                                "nstat -az TcpExtListenDrops TcpExtTCPReqQFullDrop on the other end"),
                        new Rival("a very slow path", "ping: how long does an answer take?")),
                lines,
                "Check the address, the firewalls on the path, and the listener's queues on the other end."
                        + (resent
                                ? " Set a connect timeout: the kernel's own is over two minutes (tcp_syn_retries)."
                                : ""),
                Reproduction.SYN_RETRY_SCHEDULE.experiment());
    }

    /**
     * An ICMP error that comes while connect() still holds the socket is overlooked, and the next SYN's counts (tcp_v4_err() in
     * net/ipv4/tcp_ipv4.c): a SYN that was resent once has perhaps been refused.
     */
    private static boolean mayBeRefused(Evidence evidence, List<SocketRow> sockets) {
        return evidence.counted("IcmpInDestUnreachs").orElse(0) > 0
                && sockets.stream().allMatch(socket -> socket.retransmits() <= 1);
    }

    /** What is left as an explanation; of a destination in this very namespace more is known. */
    private static String silence(Evidence evidence, Collection<SocketRow> sockets) {
        String far =
                "silence means a host that is down, a firewall that drops, a broken return path, or a listener with a"
                        + " full queue";
        if (!sockets.stream().allMatch(socket -> socket.peerAddress().isLoopbackAddress())) {
            return far;
        }
        Set<Integer> ports = sockets.stream().map(SocketRow::peerPort).collect(Collectors.toSet());
        if (sockets.stream()
                .noneMatch(socket -> evidence.membership().isListenedAt(socket.peerAddress(), socket.peerPort()))) {
            return "they go to this host, and nobody listens there: so a firewall rule of this host drops them";
        }
        Set<Integer> full = new HashSet<>(AcceptQueue.fullPorts(evidence));
        full.retainAll(ports);
        return full.isEmpty()
                ? "they go to this host, whose listener has room: so a firewall rule of this host drops them, or its"
                        + " SYN queue was full"
                : "they go to this host, and the accept queue of port "
                        + full.iterator().next() + " is full";
    }

    /** Connects seen in progress before the last look, and no longer in the last one. */
    private static List<SocketRow> gone(Evidence evidence) {
        return evidence.lives().gone().stream()
                .filter(life -> life.state() == TcpState.SYN_SENT)
                .map(SocketLife::last)
                .toList();
    }

    /** Those to destinations to which no connection was seen open, in any sample. */
    private static List<SocketRow> neverAnswered(Evidence evidence, List<SocketRow> connects) {
        if (connects.isEmpty()) {
            return List.of();
        }
        Set<Integer> ports = connects.stream().map(SocketRow::peerPort).collect(Collectors.toSet());
        Set<String> open = new HashSet<>();
        for (Sample sample : evidence.samples()) {
            for (SocketRow socket : sample.sockets()) {
                if (ports.contains(socket.peerPort()) && socket.state().isSynchronized()) {
                    open.add(socket.peer());
                }
            }
        }
        return connects.stream().filter(socket -> !open.contains(socket.peer())).toList();
    }

    private static long givenUp(Evidence evidence) {
        return evidence.counted(AbortCounter.ON_TIMEOUT.counter()).orElse(0);
    }

    /** Openings of the namespace that failed and weren't given up. */
    private static long answered(Evidence evidence) {
        long failed = evidence.counted("TcpAttemptFails").orElse(0);
        return failed - Math.min(failed, givenUp(evidence));
    }
}
