package io.tcplab.cli.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Containers of the lab's image, by Docker's own command. As an extension it removes those of a test after it. */
final class Docker implements AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** The image under test, which {@code scripts/image} builds. */
    static final String IMAGE = System.getenv().getOrDefault("LAB_IMAGE", "tcplab/lab:dev");

    private final String label = "io.tcplab.test=" + UUID.randomUUID();

    /** Runs the lab in a container to its end, with these options of {@code docker run}. */
    Program.Ended run(List<String> options, String... arguments) throws IOException, InterruptedException {
        return call(command(List.of("--rm"), options, arguments));
    }

    /** Starts the lab in a container; gives the container's id. */
    String start(List<String> options, String... arguments) throws IOException, InterruptedException {
        return call(command(List.of("--detach"), options, arguments)).outOf(0).strip();
    }

    private List<String> command(List<String> mode, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "run", "--label", label));
        command.addAll(mode);
        command.addAll(options);
        command.add(IMAGE);
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a command in a running container comes to. */
    static Program.Ended exec(String container, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("docker", "exec", container));
        all.addAll(List.of(command));
        return call(all);
    }

    /** What the container has said, on standard output and standard error. */
    static String logs(String container) throws IOException, InterruptedException {
        Program.Ended logs = call(List.of("docker", "logs", container));
        return logs.outOf(0) + logs.err();
    }

    /** A field of the container or image, by a template of Go's. */
    static String inspect(String object, String template) throws IOException, InterruptedException {
        return call(List.of("docker", "inspect", "--format", template, object))
                .outOf(0)
                .strip();
    }

    static Program.Ended call(List<String> command) throws IOException, InterruptedException {
        return call(command, Path.of(".."), Map.of());
    }

    /** Runs a command to its end, in that folder and with more of an environment. */
    static Program.Ended call(List<String> command, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        return Program.end(builder, PATIENCE);
    }

    /** Removes the containers that were started here, and no others. */
    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        List<String> ours = call(List.of("docker", "ps", "--all", "--quiet", "--filter", "label=" + label))
                .outOf(0)
                .lines()
                .toList();
        if (!ours.isEmpty()) {
            List<String> remove = new ArrayList<>(List.of("docker", "rm", "--force", "--volumes"));
            remove.addAll(ours);
            call(remove).outOf(0);
        }
    }
}
