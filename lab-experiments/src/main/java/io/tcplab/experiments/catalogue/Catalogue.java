package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.Nearest;
import java.util.List;

/** All experiments. A new one is a file beside this one and a line in it. */
public final class Catalogue {
    private static final List<Experiment> ALL = List.of(
            new CloseWaitLeak(),
            new TimeWaitStorm(),
            new LingerReset(),
            new HalfClose(),
            new BacklogOverflow(),
            new TimeWaitPort(),
            new TimeWaitBuckets(),
            new CloseWithUnreadData(),
            new FinWait2Timeout(),
            new TimeWaitDuration(),
            new TimeWaitReuse(),
            new TwRecycle(),
            new PortExhaustion(),
            new SysctlFileApplied(),
            new CountedStates(),
            new CloseWaitBlocked(),
            new NettyAutoRead(),
            new NettyHalfClosure(),
            new CloseWaitBacklog(),
            new ThreeWayHandshake(),
            new FourWayClose(),
            new CloseWaitTimeout(),
            new LostFinalAck(),
            new StaleSyn(),
            new SimultaneousOpen(),
            new SimultaneousClose(),
            new SelfConnect(),
            new ThreeSegmentClose(),
            new TimeWaitLostAck(),
            new HalfOpen(),
            new SynQueueOverflow(),
            new SynCookies(),
            new AbortOnOverflow(),
            new DeadPeerDetection(),
            new SynRetrySchedule());

    private Catalogue() {}

    /** All of them, in the order in which they are listed. */
    public static List<Experiment> all() {
        return ALL;
    }

    /** Their names, in the same order. */
    public static List<String> names() {
        return ALL.stream().map(experiment -> experiment.story().name()).toList();
    }

    /** The one of that name; throws {@link UsageException} naming the nearest. */
    public static Experiment byName(String name) {
        return ALL.stream()
                .filter(experiment -> experiment.story().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("unknown experiment \"%s\"%s (`lab list` shows all %d)"
                        .formatted(name, Nearest.hint(name, names()), ALL.size())));
    }
}
