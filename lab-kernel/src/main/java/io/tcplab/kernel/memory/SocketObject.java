package io.tcplab.kernel.memory;

import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.TcpState;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The three objects of which the kernel makes one for a TCP connection, each with slab caches of its own
 * (proto_register() in net/core/sock.c).
 */
public enum SocketObject {
    /** {@code struct tcp_sock}: everything that has a process, or still has to send. */
    FULL("TCP"),
    /** {@code struct tcp_timewait_sock}, the minisocket of TIME_WAIT, and of FIN_WAIT_2 that nobody owns. */
    TIME_WAIT("tw_sock_TCP"),
    /** {@code struct tcp_request_sock}: SYN_RECV. */
    REQUEST("request_sock_TCP");

    private static final String V6 = "v6";

    private final String cache;

    SocketObject(String cache) {
        this.cache = cache;
    }

    /** Names of all the slab caches. */
    static List<String> caches() {
        return Arrays.stream(values())
                .flatMap(object -> Stream.of(object.cache, object.cache + V6))
                .toList();
    }

    /**
     * Which one this socket is. Only a full socket has buffers to tell of.
     *
     * @param socket of a query with buffers
     */
    static SocketObject of(SocketMessage socket) {
        if (socket.hasBuffers()) {
            return FULL;
        }
        return socket.state() == TcpState.SYN_RECV ? REQUEST : TIME_WAIT;
    }

    /**
     * The slab cache that this socket is from. A v4 SYN's request is of IPv4's cache even where the listener is AF_INET6
     * (tcp_v6_conn_request() in net/ipv6/tcp_ipv6.c); what becomes of it is the listener's copy again.
     */
    String cacheOf(SocketMessage socket) {
        boolean v6 = this == REQUEST ? socket.localAddress() instanceof Inet6Address : socket.isInet6();
        return v6 ? cache + V6 : cache;
    }
}
