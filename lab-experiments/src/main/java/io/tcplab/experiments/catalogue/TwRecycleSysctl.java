package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expected;
import io.tcplab.kernel.limits.KernelRelease;

/** net.ipv4.tcp_tw_recycle: what is expected of a kernel that still has it, and of those that don't. */
final class TwRecycleSysctl extends Vocabulary {
    static final String NAME = "net.ipv4.tcp_tw_recycle";

    /** What reading it gives where it isn't there. */
    static final String GONE = "ENOENT";

    private static final KernelRelease REMOVED = KernelRelease.parse("4.12");

    private static final String STILL_THERE =
            "this kernel has tcp_tw_recycle (Linux 4.12 removed it), and the run sets it to 1";

    /** Seconds: the retransmission timeout on a link within one host is some 0.2 s. */
    private static final double LONGEST_RECYCLED = 10;

    private TwRecycleSysctl() {}

    /** That it can't be read, or that it is off by default. */
    static Expected<String> absent(String shown) {
        return shown.equals(GONE) ? equalTo(GONE) : equalTo("0").differing(STILL_THERE);
    }

    /** As {@link #known(String, KernelRelease)}, on this kernel. */
    static String known(String shown) {
        return known(shown, KernelRelease.current());
    }

    /**
     * What reading it gave.
     *
     * @throws EvidenceMissing if this kernel has it, and doesn't show it in a namespace
     */
    static String known(String shown, KernelRelease kernel) {
        if (shown.equals(GONE) && !kernel.isAtLeast(REMOVED)) {
            throw new EvidenceMissing("before Linux 4.11 " + NAME
                    + " is the whole host's: no namespace shows it, and the lab changes nothing on the host (this is "
                    + kernel + ")");
        }
        return shown;
    }

    /** 3.5 times the retransmission timeout, if it is shorter (tcp_time_wait), or TCP_TIMEWAIT_LEN. */
    static Expected<Double> lasting(boolean recycled) {
        return recycled
                ? seconds(0, LONGEST_RECYCLED).differing(STILL_THERE)
                : seconds(SHORTEST_TIME_WAIT, LONGEST_TIME_WAIT);
    }

    /** With it a SYN that is older than the last one of its address is dropped (tcp_conn_request, tcp_peer_is_proven). */
    static Expected<String> answer(boolean recycled) {
        return recycled ? equalTo("nothing").differing(STILL_THERE) : equalTo("SYN-ACK");
    }
}
