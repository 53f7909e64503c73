package io.tcplab.kernel.sockets;

/** Whether the kernel lists MPTCP sockets. */
public enum MptcpListing {
    /** It lists them. */
    LISTED,
    /** It has no MPTCP (CONFIG_MPTCP, Linux 5.6 and later), so that there are none. */
    NONE,
    /**
     * It has MPTCP and doesn't list its sockets: the module mptcp_diag is missing (Linux 5.9 and later). Their subflows are then
     * seen as TCP sockets, whose states and queues aren't those that the program has to do with.
     */
    UNLISTED
}
