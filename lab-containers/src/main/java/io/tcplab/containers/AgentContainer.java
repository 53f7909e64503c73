package io.tcplab.containers;

import com.github.dockerjava.api.model.HostConfig;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container with an agent inside. Nothing of the conversation is in the cell's network, its counters or its censuses. */
final class AgentContainer {
    /** The label that says which of the cell's hosts a container is. */
    private static final String HOST = "io.tcplab.host";

    private final AgentLink link;
    private final AttachedContainer container;

    /**
     * Not yet made.
     *
     * @param name the host's
     * @param address of its network
     * @param host names the network, which is there already
     */
    AgentContainer(String image, String name, InetAddress address, Map<String, String> labels, HostConfig host) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(HOST, name);
        link = new AgentLink("the agent in the %s's container".formatted(name), this::send, this::lastWords);
        container = new AttachedContainer(image, List.of("agent"), Optional.of(address), all, host, link);
    }

    private void send(byte[] bytes) {
        container.send(bytes);
    }

    private String lastWords() {
        String words = container.lastWords();
        return words.isEmpty() ? "; it logged nothing" : "; its last log lines: " + words;
    }

    void start() {
        container.start();
    }

    /** The line to the agent. */
    AgentLink link() {
        return link;
    }

    /** Hangs up, and removes it. */
    void stop() {
        container.stop();
    }
}
