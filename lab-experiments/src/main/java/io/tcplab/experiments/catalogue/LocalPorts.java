package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Host;

/**
 * This many ports in a row that connect() can take.
 *
 * @param range net.ipv4.ip_local_port_range: from an even to an odd one or the other way round, for the kernel complains in its log
 *     of two of the same parity (set_local_port_range in net/ipv4/sysctl_net_ipv4.c)
 * @param reserved net.ipv4.ip_local_reserved_ports: the one that the range has too many, if it has; empty otherwise
 */
record LocalPorts(String range, String reserved) {
    static final String RANGE = "net.ipv4.ip_local_port_range";
    static final String RESERVED = "net.ipv4.ip_local_reserved_ports";

    static LocalPorts of(int first, int count) {
        int last = first + count - 1;
        if (count % 2 == 0) {
            return new LocalPorts(first + " " + last, "");
        }
        return last == 65_535
                ? new LocalPorts((first - 1) + " " + last, Integer.toString(first - 1))
                : new LocalPorts(first + " " + (last + 1), Integer.toString(last + 1));
    }

    /** From now on the host's connect() can take no others. */
    void setOn(Host host) {
        host.setSysctl(RANGE, range);
        host.setSysctl(RESERVED, reserved);
    }
}
