package io.tcplab.experiments;

import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** When the kernel resends what nobody answers. */
public final class Timetable {
    /** The first timeout, TCP_TIMEOUT_INIT in include/net/tcp.h (RFC 6298, section 2.1), in seconds. */
    private static final double FIRST = 1;

    /** How often a SYN is resent, linear timeouts apart. */
    public static final String SYN_RETRIES = "net.ipv4.tcp_syn_retries";

    private Timetable() {}

    /** When a host resends a SYN, by its sysctls; the last time is when it gives up instead. */
    public static List<Double> syn(Host host) {
        return syn(host, host.intSysctl(SYN_RETRIES) + linearTimeouts(host) + 1);
    }

    /**
     * When a host resends a SYN: the first {@code net.ipv4.tcp_syn_linear_timeouts} times after a second each, then
     * after two, four, eight, … seconds (tcp_retransmit_timer in net/ipv4/tcp_timer.c).
     *
     * @return seconds from the first SYN
     */
    public static List<Double> syn(Host host, int retransmissions) {
        int linear = linearTimeouts(host);
        List<Double> times = new ArrayList<>();
        double at = 0;
        double timeout = FIRST;
        for (int nth = 1; nth <= retransmissions; nth++) {
            at += timeout;
            times.add(at);
            if (nth > linear) {
                timeout *= 2;
            }
        }
        return times;
    }

    /**
     * When a listener sends a SYN-ACK again: after one second, then after two, four, eight, … (reqsk_timer_handler in
     * net/ipv4/inet_connection_sock.c); linear timeouts are for SYNs only.
     *
     * @return seconds from the first SYN-ACK
     */
    public static List<Double> synAck(int retransmissions) {
        return IntStream.rangeClosed(1, retransmissions)
                .mapToObj(nth -> FIRST * ((1L << nth) - 1))
                .toList();
    }

    /** How many of them come a second apart: none on kernels before 6.5, which lack the sysctl and double from the start. */
    public static int linearTimeouts(Host host) {
        try {
            return Integer.parseInt(host.sysctl("net.ipv4.tcp_syn_linear_timeouts"));
        } catch (KernelException absent) {
            return 0;
        }
    }
}
