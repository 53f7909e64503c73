package io.tcplab.cli;

import io.tcplab.containers.agent.Agent;
import io.tcplab.experiments.UsageException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

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

    @Override
    public Integer call() throws IOException {
        // Elsewhere the network namespace, whose sockets and sysctls an agent changes, would be in use.
        if (ProcessHandle.current().pid() != FIRST_PROCESS) {
            throw new UsageException(
                    "an agent only runs as a container's only process. To use containers: lab run --sandbox docker");
        }
        System.setOut(System.err); // a library that prints must not get between the messages
        try (InputStream in = new FileInputStream(FileDescriptor.in);
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
            Agent.serve(in, out, new Version().getVersion()[0]);
        }
        return ExitCode.CONFIRMED;
    }
}
