package io.tcplab.kernel.transitions;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which sockets to record: those with one of these addresses at either end.
 *
 * <p>The kernel sees the transitions of every namespace and drops most by the filter's text, before they cost anything.
 * What that can't express passes there and is dropped here.
 *
 * @param addresses at least one
 */
record TransitionFilter(Set<InetAddress> addresses) {
    private static final String TCP_ONLY = "protocol==6";

    /**
     * Before Linux 6.15 a new server's socket shows its listener's addresses first; which connection it is, the next
     * transition tells.
     */
    private static final String UNNAMED_CHILD = "(oldstate==10&&newstate==3&&dport==0)";

    /** The language has no comparison of 16 bytes. */
    private static final String ANY_IPV6 = "family==10";

    /**
     * perf_event_set_filter() (kernel/events/core.c) takes a page, which is no smaller anywhere; the end is marked by a
     * byte.
     */
    private static final int LONGEST = 4095;

    TransitionFilter {
        addresses = Set.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address given: whose transitions should be recorded?");
        }
    }

    /** For the kernel, in the language of Documentation/trace/events.rst, section 5. */
    String text() {
        List<String> terms = new ArrayList<>(List.of(UNNAMED_CHILD));
        for (InetAddress address : addresses) {
            if (address instanceof Inet4Address) {
                String number = "0x%x".formatted(number(address));
                terms.add("saddr==" + number);
                terms.add("daddr==" + number);
            }
        }
        if (!addresses.stream().allMatch(Inet4Address.class::isInstance)) {
            terms.add(ANY_IPV6);
        }
        String text = TCP_ONLY + "&&(" + String.join("||", terms) + ")";
        return text.length() > LONGEST ? TCP_ONLY : text;
    }

    boolean covers(InetAddress local, InetAddress peer) {
        return addresses.contains(local) || addresses.contains(peer);
    }

    /** The field's four bytes, in the order of the network, as the number that this processor takes them for. */
    private static int number(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress())
                .order(ByteOrder.nativeOrder())
                .getInt();
    }
}
