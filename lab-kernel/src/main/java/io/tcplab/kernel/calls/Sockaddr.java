package io.tcplab.kernel.calls;

import io.tcplab.kernel.ffm.Libc;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6}, include/uapi/linux/in.h and in6.h. */
final class Sockaddr {
    private static final int PORT = 2;

    private static final int IN_SIZE = 16;
    private static final int IN_ADDRESS = 4;

    private static final int IN6_SIZE = 28;
    private static final int IN6_ADDRESS = 8;
    private static final int IN6_SCOPE = 24;

    private Sockaddr() {}

    /** Room for either. */
    static ByteBuffer empty() {
        return Libc.buffer(IN6_SIZE);
    }

    static int family(InetAddress address) {
        return address instanceof Inet6Address ? Libc.AF_INET6 : Libc.AF_INET;
    }

    static ByteBuffer encode(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("not resolved: " + address);
        }
        ByteBuffer sockaddr = switch (host) {
            case Inet4Address v4 -> Libc.buffer(IN_SIZE).put(IN_ADDRESS, v4.getAddress());
            case Inet6Address v6 ->
                Libc.buffer(IN6_SIZE).put(IN6_ADDRESS, v6.getAddress()).putInt(IN6_SCOPE, v6.getScopeId());
            default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
        };
        sockaddr.putShort(0, (short) family(host));
        sockaddr.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) address.getPort());
        return sockaddr;
    }

    static InetSocketAddress decode(ByteBuffer sockaddr) {
        boolean v6 = sockaddr.order(ByteOrder.nativeOrder()).getShort(0) == Libc.AF_INET6;
        byte[] address = new byte[v6 ? 16 : 4];
        sockaddr.get(v6 ? IN6_ADDRESS : IN_ADDRESS, address);
        int port = Short.toUnsignedInt(sockaddr.order(ByteOrder.BIG_ENDIAN).getShort(PORT));
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes: " + address.length, e);
        }
    }
}
