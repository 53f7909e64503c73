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
            new SlowClose());

    private Causes() {}

    /** All of them. */
    public static List<Cause> all() {
        return ALL;
    }
}
