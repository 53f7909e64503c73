package io.tcplab.diagnose.causes;

import java.util.List;

/** Every cause that a diagnosis knows, in the order of its report. */
public final class Causes {
    private static final List<Cause> ALL = List.of(
            new EofReadNotClosed(),
            new EofNotRead(),
            new NeverAccepted(),
            new SharedFd(),
            new IdlePool(),
            new PoolExhausted(),
            new SlowClose(),
            new NotReading(),
            new AcceptQueue(),
            new ConnectionsGrowing(),
            new SelfConnected(),
            new PortTaken(),
            new PortsExhausted(),
            new TimeWaitOverflow(),
            new FinWait2(),
            new CloseUnanswered(),
            new SynReceived(),
            new AcceptDeferred(),
            new SynSent(),
            new PeerSilent(),
            new ZeroWindow(),
            new Resets(),
            new FdsNearLimit());

    private Causes() {}

    /** All of them. */
    public static List<Cause> all() {
        return ALL;
    }
}
