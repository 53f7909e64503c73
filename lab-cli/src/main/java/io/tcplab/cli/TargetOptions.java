package io.tcplab.cli;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pid}, {@code --port}, {@code --container}, {@code --netns}: whose sockets. */
final class TargetOptions {
    private static final int HIGHEST_PORT = 0xffff;

    @Option(names = "--pid", paramLabel = "PID", description = "A process, and those that share its listeners.")
    private @Nullable Integer pid;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Whoever listens on this port here; if nobody does, the connections to that port elsewhere.")
    private @Nullable Integer port;

    @Option(
            names = "--container",
            paramLabel = "NAME",
            description = "All that is in a running container (Docker, Podman), by name or id.")
    private @Nullable String container;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "All that is in a network namespace: its name (ip netns), a file such as /proc/4711/ns/net, or"
                            + " `self`.")
    private @Nullable String netns;

    /** The one that was given. */
    Target target() {
        List<Target> given = Stream.of(process(), port(), container(), namespace())
                .flatMap(Optional::stream)
                .toList();
        if (given.size() != 1) {
            throw new UsageException((given.isEmpty() ? "whose sockets? " : "one target at a time: ")
                    + "--pid PID, --port PORT, --container NAME or --netns NAME");
        }
        return given.getFirst();
    }

    private Optional<Target> process() {
        return Optional.ofNullable(pid).map(Target.OfProcess::new);
    }

    private Optional<Target> port() {
        if (port != null && (port < 1 || port > HIGHEST_PORT)) {
            throw new UsageException("--port: port " + port + " is not 1 to " + HIGHEST_PORT);
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
