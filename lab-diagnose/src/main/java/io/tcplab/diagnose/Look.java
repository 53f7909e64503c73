package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import java.time.Duration;
import java.util.List;

/**
 * What was seen of a target.
 *
 * @param target what reports call it: "process 4711 (nginx)"
 * @param scope which of its namespace's sockets are its own
 * @param samples in their order, at least one; the first and, unless the target ended, the last with all there is to know
 * @param costs how long each look took, those also whose sample isn't kept
 * @param ended whether the target ended before its time was up
 */
public record Look(String target, Scope scope, List<Sample> samples, List<Duration> costs, boolean ended) {
    public Look {
        samples = List.copyOf(samples);
        costs = List.copyOf(costs);
    }
}
