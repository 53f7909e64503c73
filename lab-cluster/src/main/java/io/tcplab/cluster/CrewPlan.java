package io.tcplab.cluster;

import java.util.List;
import java.util.Optional;

/** Which tasks a cluster is to start, where, and what they may do. */
public sealed interface CrewPlan {
    /** In the names of what is started: {@code lab-storm-RUN-client}. */
    String purpose();

    /** In the order in which they are started. */
    List<Post> posts();

    /** After which tasks end by themselves. */
    Lifetime lifetime();

    /** Tasks of one role. */
    record Post(String role, int count) {}

    /** A server and clients, on whichever machines. They are ordinary processes without any right. */
    record ForStorm(int clients, Lifetime lifetime) implements CrewPlan {
        @Override
        public String purpose() {
            return "storm";
        }

        @Override
        public List<Post> posts() {
            return List.of(new Post(Member.SERVER, 1), new Post(Member.CLIENT, clients));
        }
    }

    /**
     * A task on each of several machines. They make cells, for which they are root with a few capabilities.
     *
     * @param nodes how many machines
     * @param label of those that are meant; empty for any
     */
    record ForComparison(int nodes, Optional<NodeLabel> label, Lifetime lifetime) implements CrewPlan {
        /** For namespaces, their links and addresses, and state changes (perf_event_open(2) of a tracepoint in locked memory). */
        public static final List<String> CAPABILITIES = List.of("SYS_ADMIN", "NET_ADMIN", "IPC_LOCK");

        /** Variables by which the image's entrypoint leaves the agent root, and has it set its cells' sysctls. */
        public static final List<String> ENVIRONMENT = List.of("LAB_RUN_AS=root", "LAB_CELLS=yes");

        @Override
        public String purpose() {
            return "compare";
        }

        @Override
        public List<Post> posts() {
            return List.of(new Post(Member.NODE, nodes));
        }
    }

    /** What the tasks of a role are called in a cluster. */
    default String name(String run, String role) {
        return "lab-%s-%s-%s".formatted(purpose(), run, role);
    }

    /** The image's arguments by which a task is an agent that calls the relay there; its key is the run. */
    default List<String> agent(String relay, String run, String role) {
        return List.of(
                "agent",
                "--call",
                relay,
                "--role",
                role,
                "--key",
                run,
                "--lifetime",
                lifetime().text());
    }

    /** How many tasks there are. */
    default int size() {
        return posts().stream().mapToInt(Post::count).sum();
    }
}
