package io.tcplab.serve;

import io.tcplab.diagnose.Look;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.transitions.TransitionRecorder;
import java.util.List;

/** The rates on the edges of a live target's diagram. */
sealed interface TargetEdges extends AutoCloseable permits TracedEdges, CensusEdges {
    /** By the kernel's tracepoint where this process may use it, else by the looks. */
    static TargetEdges of(Namespace namespace) {
        return TransitionRecorder.unavailable()
                .<TargetEdges>map(CensusEdges::new)
                .orElseGet(() -> new TracedEdges(namespace));
    }

    /**
     * Takes a look into account.
     *
     * @param watched whether anybody sees the rates
     */
    void looked(Look look, boolean watched);

    /** State changes a second. */
    List<LiveFrame.Edge> now();

    /** {@code tracepoint} or {@code census}. */
    String by();

    /** What may be missing, or too much. */
    String note();

    @Override
    void close();
}
