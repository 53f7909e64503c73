package io.tcplab.kernel.transitions;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Whose state changes count: those of sockets with one of a namespace's addresses, as far as they pass one of the ways in. The tracepoint
 * doesn't show the namespace: of two that have the same address, as all have 127.0.0.1, only the port can tell which one a socket is in.
 *
 * @param addresses of the namespace
 * @param within which of its sockets
 */
public record TransitionScope(Set<InetAddress> addresses, Within within) {
    private static final String TCP_ONLY = "protocol==6";
    /** The language has no comparison of 16 bytes. */
    private static final String ANY_IPV6 = "family==10";
    /** perf_event_set_filter() in kernel/events/core.c takes a page. */
    private static final int LONGEST = 4095;

    public TransitionScope {
        addresses = Set.copyOf(addresses);
    }

    /** Which of a namespace's sockets. */
    public sealed interface Within {
        /**
         * All of them; of those with an address that all namespaces have, those with one of these ports at either end.
         *
         * @param listening the ports on which anything listens there
         */
        record Everything(Set<Integer> listening) implements Within {
            public Everything {
                listening = Set.copyOf(listening);
            }
        }

        /** Those with this local port. */
        record LocalPort(int port) implements Within {}

        /** Those with this port at the other end. */
        record PeerPort(int port) implements Within {}

        /**
         * Those with one of these local ports, and those that one of these processes opens, until they are closed.
         *
         * @param ports where it listens, and of connections that it has
         * @param isOwn whether it is one of these, by its pid; is asked often
         */
        record Opened(Set<Integer> ports, IntPredicate isOwn) implements Within {
            public Opened {
                ports = Set.copyOf(ports);
            }
        }
    }

    /** For the kernel, in the language of Documentation/trace/events.rst, section 5: it drops most before they cost anything. */
    String text() {
        return switch (within) {
            case Within.LocalPort local -> TCP_ONLY + "&&sport==" + local.port();
            case Within.PeerPort peer -> TCP_ONLY + "&&dport==" + peer.port();
            case Within.Everything everything -> byAddress();
            case Within.Opened opened -> byAddress();
        };
    }

    private String byAddress() {
        String terms = addresses.stream()
                .filter(Inet4Address.class::isInstance)
                .map(address -> "||saddr==0x%x".formatted(number(address)))
                .sorted()
                .collect(Collectors.joining());
        String text = TCP_ONLY + "&&(" + ANY_IPV6 + "||saddr==0" + terms + ")";
        return text.length() > LONGEST || addresses.stream().anyMatch(InetAddress::isLoopbackAddress) ? TCP_ONLY : text;
    }

    /** Whether a socket with this local address is in the namespace. */
    Has has(InetAddress local) {
        boolean everywhere = local.isLoopbackAddress() || local.isAnyLocalAddress();
        return everywhere ? Has.BY_PORT : addresses.contains(local) ? Has.SURELY : Has.NOT;
    }

    /** What an address says. */
    enum Has {
        SURELY,
        /** All namespaces have this address. */
        BY_PORT,
        NOT
    }

    /** The field's four bytes, in the order of the network, as the number that this processor takes them for. */
    private static int number(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress())
                .order(ByteOrder.nativeOrder())
                .getInt();
    }
}
