package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connections that this side ends by RST, by the kernel's own reasons. */
final class Resets implements Cause {
    private static final List<Reason> REASONS = List.of(
            new Reason(
                    "TcpExtTCPAbortOnClose",
                    "closed with data unread in Recv-Q",
                    "Read until EOF before close(), or shutdown() for writing first: a close() with unread data sends RST,"
                            + " and what was written last may be lost.",
                    Reproduction.CLOSE_WITH_UNREAD_DATA.experiment()),
            new Reason(
                    "TcpExtTCPAbortOnData",
                    "closed with SO_LINGER 0, or data came after close()",
                    "Look for SO_LINGER with 0 (an \"abortive close\"), or for a client that stops reading half way.",
                    Reproduction.LINGER_RESET.experiment()),
            new Reason(
                    "TcpExtTCPAbortOnTimeout",
                    "the peer didn't answer retransmissions, probes or keepalives",
                    "Peers vanish without a FIN: look at the path, and at NAT timeouts.",
                    Reproduction.HALF_OPEN.experiment()),
            new Reason(
                    "TcpExtTCPAbortOnMemory",
                    "too many orphans, or out of TCP memory",
                    "Compare /proc/net/sockstat with tcp_mem and tcp_max_orphans.",
                    ""),
            new Reason(
                    "TcpExtTCPAbortOnLinger",
                    "an orphan in FIN_WAIT_2 with TCP_LINGER2 below 0",
                    "Look for TCP_LINGER2.",
                    "fin-wait2-timeout"));

    private static final int MANY = 10;
    private static final double SHARE = 0.1;
    /** A load generator that ends resets what is under way, once. */
    private static final int INTERVALS = 3;

    /** Where a busy machine leaves time for few looks. */
    private static final int FEWEST_INTERVALS = 2;

    @Override
    public String id() {
        return "resets";
    }

    @Override
    public String lookedFor() {
        return "connections that this side ends by RST, by reason";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        long opened = evidence.counted("TcpActiveOpens").orElse(0)
                + evidence.counted("TcpPassiveOpens").orElse(0);
        return REASONS.stream()
                .filter(reason -> evidence.counted(reason.counter).orElse(0) >= Math.max(MANY, opened * SHARE)
                        && goesOn(evidence, reason.counter))
                .map(reason -> finding(evidence, reason))
                .toList();
    }

    @Override
    public List<String> observe(Evidence evidence) {
        List<String> words = new ArrayList<>();
        for (Reason reason : REASONS) {
            long count = evidence.counted(reason.counter).orElse(0);
            if (count > 0) {
                words.add(Words.count(count, "connection") + " ended by RST in " + Words.time(evidence.window()) + ": "
                        + reason.words + " (" + reason.counter + ", whole network namespace)");
            }
        }
        return words;
    }

    /** A counter, what it means, what to look at, and what shows it. */
    private record Reason(String counter, String words, String advice, String experiment) {}

    private Finding finding(Evidence evidence, Reason reason) {
        int count = Math.toIntExact(evidence.counted(reason.counter).orElse(0));
        return new Finding(
                id(),
                Words.count(count, "connection") + " ended by RST from here in " + Words.time(evidence.window()) + ": "
                        + reason.words,
                Optional.empty(),
                count,
                0,
                evidence.isWholeNamespace() ? Certainty.LIKELY : Certainty.POSSIBLE,
                "the kernel counts them by reason, but for the whole network namespace, not by process",
                List.of(
                        reason.counter + " went up by " + count,
                        "TcpOutRsts went up by "
                                + evidence.counted("TcpOutRsts").orElse(0)),
                reason.advice,
                reason.experiment);
    }

    private static boolean goesOn(Evidence evidence, String counter) {
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
}
