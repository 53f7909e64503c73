package io.tcplab.experiments.run;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many sockets were in which state over time, by host, and what the experiment did meanwhile.
 *
 * @param samples in their order; one stands until the next one
 * @param steps in their order
 */
public record Timeline(List<Sample> samples, List<Step> steps) {

    /**
     * One look at a host.
     *
     * @param seconds since the trial began
     * @param counts by state
     */
    public record Sample(double seconds, Role host, StateCounts counts) {}

    /**
     * A step that an experiment announced.
     *
     * @param seconds since the trial began
     * @param what in words
     */
    public record Step(double seconds, String what) {}

    /** Copies the lists. */
    public Timeline {
        samples = List.copyOf(samples);
        steps = List.copyOf(steps);
    }

    /** No samples. */
    public static Timeline empty() {
        return new Timeline(List.of(), List.of());
    }

    /** The states that were seen on a host. */
    public Set<TcpState> states(Role host) {
        return Arrays.stream(TcpState.values())
                .filter(state -> peak(host, state) > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The most sockets that were seen in a state at once. */
    public int peak(Role host, TcpState state) {
        return samples.stream()
                .filter(sample -> sample.host() == host)
                .mapToInt(sample -> sample.counts().of(state))
                .max()
                .orElse(0);
    }
}
