package io.tcplab.kernel.netns;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address with the length of its network's prefix, as in 10.9.0.1/24.
 *
 * @param address IPv4 or IPv6
 * @param prefix bits of the network part
 */
public record Cidr(InetAddress address, int prefix) {
    public Cidr {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "prefix length " + prefix + " of " + address.getHostAddress() + " is not between 0 and " + bits);
        }
    }

    /**
     * Parses {@code 10.9.0.1/24} or {@code fd00::1/64}. Resolves no names.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' has no prefix length; write it as 10.9.0.1/24");
        }
        return new Cidr(InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
