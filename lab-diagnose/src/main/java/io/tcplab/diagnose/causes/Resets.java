package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.kernel.counters.AbortCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Connections that this side ends by RST, by the kernel's own reasons. What the kernel gives up without a RST is for {@link PeerSilent}
 * and {@link SynSent}.
 */
final class Resets extends Cause {
    private static final List<Reason> REASONS = List.of(
            new Reason(
                    AbortCounter.ON_CLOSE,
                    "closed with data unread in Recv-Q",
                    "Read until EOF before close(), or call shutdown() for writing first: close() with unread data"
                            + " sends RST,"
                            + " and the last bytes written may be lost.",
                    Reproduction.CLOSE_WITH_UNREAD_DATA.experiment()),
            new Reason(
                    AbortCounter.ON_DATA,
                    "closed with SO_LINGER 0, or data arrived after close()",
                    "Look for SO_LINGER 0 (an \"abortive close\"), or for a client that stops reading halfway.",
                    Reproduction.LINGER_RESET.experiment()),
            new Reason(
                    AbortCounter.ON_MEMORY,
                    "too many orphans, or out of TCP memory",
                    "Compare /proc/net/sockstat with tcp_mem and tcp_max_orphans.",
                    ""),
            new Reason(
                    AbortCounter.ON_LINGER,
                    "closed in FIN_WAIT_2 with TCP_LINGER2 below 0",
                    "Look for TCP_LINGER2.",
                    "fin-wait2-timeout"));

    private static final String SENT = "TcpOutRsts";

    private static final int MANY = 10;
    private static final double SHARE = 0.1;
    /** A load generator that ends resets what is under way, once. */
    private static final int INTERVALS = 3;

    /** Where a busy machine leaves time for few looks. */
    private static final int FEWEST_INTERVALS = 2;

    Resets() {
        super("resets", "connections that this side ends with RST, by reason");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        return REASONS.stream()
                .filter(reason -> isFound(evidence, reason))
                .map(reason -> finding(evidence, reason))
                .toList();
    }

    @Override
    public List<String> observe(Evidence evidence) {
        List<String> words = new ArrayList<>();
        for (Reason reason : REASONS) {
            long rsts = reason.rsts(evidence);
            long count = evidence.counted(reason.counter.counter()).orElse(0);
            if (rsts > 0 && !isFound(evidence, reason)) {
                words.add(Words.count(rsts, "connection") + " ended with RST by this side in "
                        + Words.time(evidence.window()) + ": " + reason.words + " (" + reason.counter.counter()
                        + ", whole network namespace)");
            }
            if (count > rsts && reason.counter == AbortCounter.ON_DATA) {
                words.add(Words.count(count - rsts, "socket") + " closed with SO_LINGER 0 during connect(): no RST");
            }
        }
        return words;
    }

    private static boolean isFound(Evidence evidence, Reason reason) {
        return isMuch(evidence, reason.rsts(evidence)) && goesOn(evidence, reason.counter.counter());
    }

    /** Whether so many connections are more than what happens on any day, of all that were opened. */
    static boolean isMuch(Evidence evidence, long connections) {
        long opened = evidence.counted("TcpActiveOpens").orElse(0)
                + evidence.counted("TcpPassiveOpens").orElse(0);
        return connections >= Math.max(MANY, opened * SHARE);
    }

    /** Whether a counter went up again and again. */
    static boolean goesOn(Evidence evidence, String counter) {
        int intervals = 0;
        long before = Long.MAX_VALUE;
        for (Sample sample : evidence.samples()) {
            long now = sample.counters().has(counter) ? sample.counters().get(counter) : 0;
            intervals += now > before ? 1 : 0;
            before = now;
        }
        int looked = evidence.samples().size() - 1;
        return intervals >= Math.clamp(looked, FEWEST_INTERVALS, INTERVALS);
    }

    /** How sure it can be that what the namespace counts is the target's doing. */
    static Certainty certainty(Neighbours neighbours) {
        return neighbours.areNone() ? Certainty.LIKELY : Certainty.POSSIBLE;
    }

    /** What else may be meant: others in the namespace, where there are some, and what the kernel doesn't tell apart. */
    static List<Rival> rivals(Evidence evidence, Neighbours neighbours, Rival other) {
        return neighbours.areNone()
                ? List.of(other)
                : List.of(
                        new Rival(
                                "connections of other programs in this network namespace: "
                                        + neighbours.words(evidence),
                                "diagnose those, or run this while they are idle"),
                        other);
    }

    /** For whom the kernel counts, and so who else may be meant. */
    static String scope(Evidence evidence, Neighbours neighbours) {
        String all = " for the whole network namespace";
        if (evidence.isWholeNamespace()) {
            return all;
        }
        return neighbours.areNone()
                ? all + ", where no other program had a connection"
                : all + ", so another program may be the cause; " + neighbours.words(evidence);
    }

    /** A counter, what it means, what to look at, and what shows it. */
    private record Reason(AbortCounter counter, String words, String advice, String experiment) {
        /** How many RSTs it stands for, at most: no more than were sent and aren't another counter's. */
        long rsts(Evidence evidence) {
            long count = evidence.counted(counter.counter()).orElse(0);
            long others = counter.rst() == AbortCounter.Rst.ALWAYS
                    ? 0
                    : evidence.counted(AbortCounter.ON_CLOSE.counter()).orElse(0)
                            + evidence.counted(AbortCounter.ON_LINGER.counter()).orElse(0);
            return Math.clamp(evidence.counted(SENT).orElse(0) - others, 0, count);
        }
    }

    private Finding finding(Evidence evidence, Reason reason) {
        int count = Math.toIntExact(reason.rsts(evidence));
        Neighbours neighbours = evidence.neighbours();
        return new Finding(
                id(),
                Words.count(count, "connection") + " ended with RST by this side in " + Words.time(evidence.window())
                        + ": " + reason.words,
                Optional.empty(),
                count,
                0,
                certainty(neighbours),
                "the kernel counts them by reason" + scope(evidence, neighbours),
                rivals(
                        evidence,
                        neighbours,
                        new Rival(
                                "intended resets, such as those after health checks",
                                "tcpdump 'tcp[tcpflags] & tcp-rst != 0': which connections are they?")),
                List.of(
                        reason.counter.counter() + " went up by "
                                + evidence.counted(reason.counter.counter()).orElse(0),
                        SENT + " went up by " + evidence.counted(SENT).orElse(0)
                                + ", which also counts replies to closed ports and to late segments"),
                reason.advice,
                reason.experiment);
    }
}
