package io.tcplab.diagnose.sample;

import java.util.BitSet;
import java.util.Locale;

/**
 * The local ports that connect(), and bind() to port 0, choose from: {@code net.ipv4.ip_local_port_range} without {@code
 * net.ipv4.ip_local_reserved_ports} (__inet_hash_connect() in net/ipv4/inet_hashtables.c, inet_csk_find_open_port() in
 * net/ipv4/inet_connection_sock.c). A socket may have a narrower range of its own (IP_LOCAL_PORT_RANGE), which the kernel
 * is shown nowhere else.
 */
public final class LocalPorts {
    private final int first;
    private final int last;
    /** Those of the range that are reserved. */
    private final BitSet reserved;

    private LocalPorts(int first, int last, BitSet reserved) {
        this.first = first;
        this.last = last;
        this.reserved = reserved;
    }

    /**
     * Of the values as /proc/sys has them.
     *
     * @param range two numbers
     * @param reserved numbers and ranges behind commas, {@code 8080,40000-40063}; empty for none
     */
    static LocalPorts of(String range, String reserved) {
        String[] ends = range.strip().split("\\s+", -1);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[1]);
        BitSet ports = new BitSet();
        for (String part : reserved.isBlank() ? new String[0] : reserved.strip().split(",", -1)) {
            String[] of = part.split("-", 2);
            int from = Integer.parseInt(of[0]);
            int to = Integer.parseInt(of[of.length - 1]);
            ports.set(Math.max(first, from), Math.max(Math.max(first, from), Math.min(last, to) + 1));
        }
        return new LocalPorts(first, last, ports);
    }

    /** Whether the kernel may choose it. */
    public boolean contains(int port) {
        return port >= first && port <= last && !reserved.get(port);
    }

    /** How many there are. */
    public int size() {
        return last - first + 1 - reserved.cardinality();
    }

    /** {@code 40000–40063}, and how many of them are reserved. */
    public String words() {
        String range = first + "–" + last;
        return reserved.isEmpty()
                ? range
                : String.format(Locale.ROOT, "%s, %,d of them reserved", range, reserved.cardinality());
    }
}
