package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A listener's accept queue is full, or was so often that connections were turned away. */
final class AcceptQueue extends Cause {
    private static final String OVERFLOWS = "TcpExtListenOverflows";

    /** Where only one queue can have overflowed, this many are more than a moment's. */
    private static final int MANY = 5;

    AcceptQueue() {
        super("accept-queue-full", "accept queues that are full, or often were full");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        long overflows = evidence.counted(OVERFLOWS).orElse(0);
        List<Finding> findings = new ArrayList<>();
        for (SocketRow listener : evidence.in(TcpState.LISTEN)) {
            Queue queue = Queue.of(evidence, listener);
            boolean isFull =
                    queue.full > 0 && (queue.full > 1 || evidence.samples().size() == 1);
            boolean isLikely =
                    queue.peak * 2 > listener.sendQueue() || (overflows >= MANY && isOnly(evidence, listener));
            if (isFull || (overflows > 0 && isLikely)) {
                findings.add(finding(evidence, listener, queue, overflows));
            }
        }
        return findings;
    }

    @Override
    public List<String> observe(Evidence evidence) {
        long overflows = evidence.counted(OVERFLOWS).orElse(0);
        if (overflows > 0) {
            return find(evidence).isEmpty()
                    ? List.of("an accept queue of this network namespace was full " + Words.count(overflows, "time")
                            + " in "
                            + Words.time(evidence.window()) + " (" + OVERFLOWS
                            + "), and each time a connection was rejected. The listener is unknown: no queue"
                            + " observed here was even half full")
                    : List.of();
        }
        return evidence.sinceBoot(OVERFLOWS)
                .map(count -> List.of(OVERFLOWS + " is " + count
                        + " since this network namespace was created, and didn't grow: an accept queue was full in"
                        + " the past"))
                .orElse(List.of());
    }

    private static boolean isOnly(Evidence evidence, SocketRow listener) {
        return evidence.inNamespace(TcpState.LISTEN).stream().allMatch(socket -> socket.cookie() == listener.cookie());
    }

    /** The ports of which a listener has no room left: the kernel compares with > (sk_acceptq_is_full()). */
    static Set<Integer> fullPorts(Evidence evidence) {
        return evidence.inNamespace(TcpState.LISTEN).stream()
                .filter(socket -> socket.recvQueue() > socket.sendQueue())
                .map(SocketRow::localPort)
                .collect(Collectors.toSet());
    }

    /**
     * A listener's queue over the samples.
     *
     * @param full in how many samples it was full
     * @param peak the most that waited
     */
    private record Queue(int full, long peak) {
        static Queue of(Evidence evidence, SocketRow listener) {
            int full = 0;
            long peak = 0;
            for (Indexed look : evidence.looks()) {
                for (SocketRow socket : look.listeners()) {
                    if (socket.cookie() == listener.cookie()) {
                        full += socket.recvQueue() > socket.sendQueue() ? 1 : 0;
                        peak = Math.max(peak, socket.recvQueue());
                    }
                }
            }
            return new Queue(full, peak);
        }
    }

    private Finding finding(Evidence evidence, SocketRow listener, Queue queue, long overflows) {
        long room = listener.sendQueue() + 1;
        List<String> lines = new ArrayList<>();
        lines.add("the listener " + listener.local() + Words.holders(evidence, listener) + " has "
                + listener.recvQueue() + " connections waiting for accept(), of "
                + room + " that fit; the peak was " + queue.peak + ", and it was full in " + queue.full + " of "
                + Words.count(evidence.samples().size(), "look"));
        lines.add(OVERFLOWS + " went up by " + overflows + " in " + Words.time(evidence.window())
                + ", counted for the whole network namespace");
        lines.add(Settings.SOMAXCONN + " is "
                + evidence.settings().values().getOrDefault(Settings.SOMAXCONN, "?")
                + ", which caps the backlog that a program asks for");
        boolean now = queue.full > 0;
        return new Finding(
                id(),
                now
                        ? "the accept queue of port " + listener.localPort() + " is full: clients' SYNs are dropped"
                        : "the accept queue of port " + listener.localPort() + " overflows at times",
                Optional.of(TcpState.LISTEN),
                Math.toIntExact(listener.recvQueue()),
                0,
                queue.full > 1 ? Certainty.CERTAIN : Certainty.LIKELY,
                queue.full > 1
                        ? "the kernel shows the queue's length and limit"
                        : "overflows are counted for the namespace, and "
                                + (queue.peak * 2 > listener.sendQueue()
                                        ? "this queue was seen more than half full"
                                        : "this is its only listener now"),
                queue.full > 1
                        ? List.of()
                        : List.of(new Rival(
                                "another listener's queue",
                                "watch ss -ltn: which listener's Recv-Q reaches its Send-Q?")),
                lines,
                "If it is always full, nobody calls accept(): look at the acceptor's thread, and for EMFILE. If it"
                        + " is full at times,"
                        + " the backlog is too small for bursts: raise it in listen() and raise somaxconn, or accept faster.",
                Reproduction.BACKLOG_OVERFLOW.experiment());
    }
}
