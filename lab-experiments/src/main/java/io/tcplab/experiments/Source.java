package io.tcplab.experiments;

/** Where evidence comes from. Only the kernel is heard; what the lab believes to have done is no source. */
public enum Source {
    /** A census of sockets by netlink sock_diag (net/ipv4/inet_diag.c). */
    SOCK_DIAG("sock_diag"),
    /** The host's {@code netstat} and {@code snmp} counters, as the difference between two readings. */
    COUNTERS("counters"),
    /** State changes from the tracepoint {@code sock:inet_sock_set_state}, with the kernel's timestamps. */
    TRANSITIONS("transitions"),
    /** Segments that crossed the wire, stamped by the kernel. */
    SEGMENTS("segments"),
    /** The error, or its absence, that a socket call returned. */
    ERRNO("errno"),
    /** Bytes that socket calls took or gave. */
    BYTES("bytes"),
    /** The process's file descriptors, {@code /proc/self/fd}. */
    FDS("fds"),
    /** A sysctl, read back from the host. */
    SYSCTL("sysctl"),
    /** The kernel's own text, a line for each socket: {@code /proc/net/tcp} and {@code tcp6}. */
    PROC_NET_TCP("/proc/net/tcp");

    private final String label;

    Source(String label) {
        this.label = label;
    }

    /** The spelling of the JSON contract. */
    public String label() {
        return label;
    }
}
