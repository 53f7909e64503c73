package io.tcplab.cli;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pid}, {@code --port}, {@code --container}, {@code --netns}: the owner of the sockets. */
final class TargetOptions {
    private static final int HIGHEST_PORT = 0xffff;
    private static final String CHOICES = "--pid PID, --port PORT, --container NAME or --netns NAME";

    @Option(names = "--pid", paramLabel = "PID", description = "A process, and its workers that share its listeners.")
    private @Nullable Integer pid;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The sockets with this local port; if there are none, connections to that port elsewhere.")
    private @Nullable Integer port;

    @Option(
            names = "--container",
            paramLabel = "NAME",
            description = "All sockets of a running container (Docker, Podman), by name or id.")
    private @Nullable String container;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "All sockets of a network namespace: its name (ip netns), a file such as /proc/4711/ns/net, or"
                            + " `self`.")
    private @Nullable String netns;

    /** The one that was given. */
    Target target() {
        return ifGiven().orElseThrow(() -> new UsageException("no target given: use one of " + CHOICES));
    }

    /** The one that was given, if one was. */
    Optional<Target> ifGiven() {
        List<Target> given = Stream.of(process(), port(), container(), namespace())
                .flatMap(Optional::stream)
                .toList();
        if (given.size() > 1) {
            throw new UsageException("give only one of " + CHOICES);
        }
        return given.stream().findFirst();
    }

    private Optional<Target> process() {
        return Optional.ofNullable(pid).map(Target.OfProcess::new);
    }

    private Optional<Target> port() {
        if (port != null && (port < 1 || port > HIGHEST_PORT)) {
            throw new UsageException("--port: port " + port + " must be 1 to " + HIGHEST_PORT);
        }
        return Optional.ofNullable(port).map(Target.OnPort::new);
    }

    private Optional<Target> container() {
        return Optional.ofNullable(container).map(Target.OfContainer::new);
    }

    private Optional<Target> namespace() {
        return Optional.ofNullable(netns).map(Target.InNamespace::new);
    }
}
