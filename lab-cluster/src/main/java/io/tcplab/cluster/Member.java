package io.tcplab.cluster;

import io.tcplab.containers.AgentLink;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.containers.protocol.Hello;
import io.tcplab.experiments.EvidenceMissing;
import java.net.InetAddress;

/**
 * One of a crew, as it has called.
 *
 * @param address its own, in the crew's network
 */
public record Member(Hello hello, InetAddress address, AgentLink link) {
    /** The role of the one that listens. */
    public static final String SERVER = "server";
    /** The role of those that connect. */
    public static final String CLIENT = "client";
    /** The role of those that run trials, one on each machine. */
    public static final String NODE = "node";

    /** {@code client 2 (node-a)}. */
    public String name() {
        return name(hello);
    }

    /** Waits for its greeting; throws {@link EvidenceMissing} if its image is of another protocol. */
    Greeting requireOwnProtocol() {
        Greeting greeting = link.greeting();
        if (greeting.protocol() != Greeting.PROTOCOL) {
            throw new EvidenceMissing("the image of %s speaks protocol %d, and this lab %d: use the image of this build"
                    .formatted(name(), greeting.protocol(), Greeting.PROTOCOL));
        }
        return greeting;
    }

    static String name(Hello hello) {
        String which = hello.role().equals(SERVER) ? "the server" : hello.role() + " " + hello.number();
        return which + " (" + hello.node() + ")";
    }
}
