package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses as users type them: {@code 192.0.2.7:9000}, {@code [2001:db8::7]:9000}, {@code example.net:9000}. */
final class Addresses {
    private static final int MAX_PORT = 65535;

    private Addresses() {}

    /** With a port; a name is resolved. */
    static InetSocketAddress withPort(String option, String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || isBareIpv6(text, colon)) {
            throw new UsageException(
                    "%s %s: expected host:port, such as 192.0.2.7:9000 or [2001:db8::7]:9000".formatted(option, text));
        }
        String port = text.substring(colon + 1);
        if (!port.matches("\\d{1,5}")) {
            throw new UsageException(
                    "%s %s: port %s must be a number from 0 to %d".formatted(option, text, port, MAX_PORT));
        }
        return new InetSocketAddress(host(option, text.substring(0, colon)), port(option, Integer.parseInt(port)));
    }

    /** The port may be left out, and is then 0. */
    static InetSocketAddress withOptionalPort(String option, String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.endsWith("]") || isBareIpv6(text, colon);
        return bare ? new InetSocketAddress(host(option, text), 0) : withPort(option, text);
    }

    /** An address or a name. */
    static InetAddress host(String option, String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new UsageException(
                    "%s %s: no such host. Check the name, or use an IP address.".formatted(option, text), e);
        }
    }

    /** A port, which is what it says if it is one. */
    static int port(String option, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new UsageException("%s: port %d must be 0 to %d".formatted(option, port, MAX_PORT));
        }
        return port;
    }

    /** Several colons and no brackets: which of them would begin the port? */
    private static boolean isBareIpv6(String text, int lastColon) {
        return text.indexOf(':') != lastColon && !text.startsWith("[");
    }
}
