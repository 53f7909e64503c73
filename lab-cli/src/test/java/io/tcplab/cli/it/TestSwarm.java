package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** The engine's swarm, or one of its own for as long as the test lasts. */
final class TestSwarm {
    /** The bridge that Swarm makes on each node and doesn't remove, and the endpoint that holds it. */
    private static final String BRIDGE = "docker_gwbridge";

    private static final String ENDPOINT = "gateway_ingress-sbox";

    private boolean joined;
    private boolean bridgeWasThere;

    /** What is to be seen where there is no swarm. */
    interface Before {
        void look() throws Exception;
    }

    void join(Before before) throws Exception {
        if (info().equals("active")) {
            return;
        }
        before.look();
        bridgeWasThere = bridges().contains(BRIDGE);
        // Nobody else is to join, so that any address will do; with several the engine asks for one.
        Docker.call(List.of("docker", "swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1"))
                .outOf(0);
        joined = true;
    }

    /** As if nothing had been. */
    void leave() throws Exception {
        if (!joined) {
            return;
        }
        Docker.call(List.of("docker", "swarm", "leave", "--force")).outOf(0);
        assertThat(info()).isEqualTo("inactive");
        if (!bridgeWasThere) {
            // It may have no endpoint any more; whether it is gone is what counts.
            Docker.call(List.of("docker", "network", "disconnect", "--force", BRIDGE, ENDPOINT));
            Docker.call(List.of("docker", "network", "rm", BRIDGE));
            assertThat(bridges()).doesNotContain(BRIDGE);
        }
    }

    /** The container of a task that a lab has started, whose name has this in it. */
    static String task(Program lab, String name) throws Exception {
        return Docker.call(List.of("docker", "ps", "--quiet", "--filter", owner(lab), "--filter", "name=" + name))
                .outOf(0)
                .strip();
    }

    /** What Docker's own client finds of all that a lab has started. */
    static List<String> left(Program lab) throws Exception {
        List<String> left = new ArrayList<>();
        for (List<String> list : List.of(
                List.of("docker", "service", "ls", "--quiet"),
                List.of("docker", "ps", "--all", "--quiet"),
                List.of("docker", "network", "ls", "--quiet"))) {
            List<String> command = new ArrayList<>(list);
            command.addAll(List.of("--filter", owner(lab)));
            left.addAll(Docker.call(command).outOf(0).lines().toList());
        }
        return left;
    }

    private static String owner(Program lab) {
        return "label=io.tcplab.owner.pid=" + lab.pid();
    }

    private static String info() throws Exception {
        return Docker.call(List.of("docker", "info", "--format", "{{.Swarm.LocalNodeState}}"))
                .outOf(0)
                .strip();
    }

    private static List<String> bridges() throws Exception {
        return Docker.call(List.of("docker", "network", "ls", "--format", "{{.Name}}"))
                .outOf(0)
                .lines()
                .toList();
    }
}
