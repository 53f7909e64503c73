package io.tcplab.cli;

import io.tcplab.containers.agent.Agent;
import io.tcplab.containers.agent.Caller;
import io.tcplab.containers.agent.Relay;
import io.tcplab.containers.protocol.Hello;
import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Durations;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab agent}: a container's only process. Not for users, therefore hidden. */
@Command(
        name = "agent",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = {
            "Runs inside a container of the docker sandbox, and executes the lab's commands from standard input.",
            "It ends when standard input ends."
        },
        optionListHeading = "%nOptions:%n")
final class AgentCommand implements Callable<Integer> {
    private static final int FIRST_PROCESS = 1;

    @Option(names = "--relay", description = "Hand on the connections of other agents, which --call it.")
    private boolean relay;

    @Option(
            names = "--call",
            paramLabel = "ADDRESS:PORT",
            description = "Take the commands from the relay there, not from standard input.")
    private @Nullable String call;

    @Option(names = "--role", paramLabel = "NAME", description = "What the agent is for: server, client or node.")
    private String role = "";

    @Option(
            names = "--key",
            paramLabel = "TEXT",
            description =
                    "Which lab it belongs to. LAB_AGENT_NUMBER, or JOB_COMPLETION_INDEX from 0, says which of several"
                            + " it is, LAB_AGENT_NODE where.")
    private String key = "";

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "End after this time whatever is under way (default: ${DEFAULT-VALUE}).")
    private String lifetime = "1h";

    @Override
    public Integer call() throws IOException {
        // Elsewhere the network namespace, whose sockets and sysctls an agent changes, would be in use.
        if (ProcessHandle.current().pid() != FIRST_PROCESS) {
            throw new UsageException(
                    "an agent only runs as a container's only process. To use containers: lab run --sandbox docker");
        }
        System.setOut(System.err); // a library that prints must not get between the messages
        if (call != null) {
            Caller.serve(
                    Addresses.withPort("--call", call),
                    hello(),
                    version(),
                    Durations.parse(lifetime),
                    new AgentTrials());
            return ExitCode.CONFIRMED;
        }
        try (InputStream in = new FileInputStream(FileDescriptor.in);
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
            if (relay) {
                Relay.serve(in, out);
            } else {
                Agent.serve(in, out, version());
            }
        }
        return ExitCode.CONFIRMED;
    }

    private Hello hello() {
        return new Hello(key, role, number(), environment("LAB_AGENT_NODE"));
    }

    /** Kubernetes counts a Job's pods from 0. */
    private static int number() {
        String index = System.getenv("JOB_COMPLETION_INDEX");
        return index == null ? Integer.parseInt(environment("LAB_AGENT_NUMBER")) : Integer.parseInt(index) + 1;
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new UsageException(name + " isn't set: the lab that starts an agent sets it");
        }
        return value;
    }

    private static String version() {
        return new Version().getVersion()[0];
    }
}
