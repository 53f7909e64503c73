package io.tcplab.cluster;

import io.tcplab.containers.AgentLink;
import io.tcplab.containers.protocol.Hello;
import java.net.InetAddress;

/**
 * The server or a client of a storm, as it has called.
 *
 * @param address its own, in the storm's network
 */
public record Member(Hello hello, InetAddress address, AgentLink link) {
    /** The role of the one that listens. */
    public static final String SERVER = "server";
    /** The role of those that connect. */
    public static final String CLIENT = "client";

    /** {@code client 2 (node-a)}. */
    public String name() {
        return name(hello);
    }

    static String name(Hello hello) {
        String which = hello.role().equals(SERVER) ? "the server" : hello.role() + " " + hello.number();
        return which + " (" + hello.node() + ")";
    }
}
