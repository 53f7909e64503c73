package io.tcplab.kernel.wire;

/**
 * What the wire did with a segment.
 *
 * @param rule the name of the rule that had it done; empty if none had
 */
public record Verdict(Kind kind, String rule) {
    /** The kinds of verdicts. */
    public enum Kind {
        /** Forwarded as it came. */
        PASSED,
        /** Lost. */
        DROPPED,
        /** Forwarded later, or still to be. */
        DELAYED,
        /** Kept; forwarded if the rule has been released. */
        HELD,
        /** Forwarded, and a copy of it. */
        DUPLICATED,
        /** Forwarded behind the next one, or still waiting for that. */
        REORDERED,
        /** Forwarded, and a copy of it later. */
        REPLAYED,
        /** A copy of a duplicated or replayed one: no host has sent it. */
        COPIED,
        /** Made by an experiment: no host has sent it. */
        INJECTED,
        /** Lost, since the host at one end is silenced. */
        SILENCED
    }

    static final Verdict PASSED = new Verdict(Kind.PASSED, "");
    static final Verdict INJECTED = new Verdict(Kind.INJECTED, "");
    static final Verdict SILENCED = new Verdict(Kind.SILENCED, "");

    /** {@code passed}, {@code dropped by 'final ACK lost'}, … */
    @Override
    public String toString() {
        String what = switch (kind) {
            case PASSED -> "passed";
            case DROPPED -> "dropped";
            case DELAYED -> "delayed";
            case HELD -> "held";
            case DUPLICATED -> "duplicated";
            case REORDERED -> "reordered";
            case REPLAYED -> "to be replayed";
            case COPIED -> "a copy made";
            case INJECTED -> "injected";
            case SILENCED -> "lost: the host is silenced";
        };
        return rule.isEmpty() ? what : what + " by '" + rule + "'";
    }
}
