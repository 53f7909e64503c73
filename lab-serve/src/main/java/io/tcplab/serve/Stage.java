package io.tcplab.serve;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.kernel.limits.Obstacle;
import io.tcplab.kernel.limits.UserNamespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where experiments run. A JVM can't enter a user namespace itself, and the page must not: there it would be out of the browser's reach,
 * and would see another host than its user sees. So what an ordinary user starts runs in a process of its own.
 */
sealed interface Stage {
    /** In this process. */
    record Here(Sandbox sandbox) implements Stage {}

    /** In a user namespace, by a process of its own. */
    record InUserNamespace(Sandbox sandbox) implements Stage {}

    /** Nowhere; the reason has the next step. */
    record Nowhere(String reason) implements Stage {}

    /** Finds out, by trying. */
    static Stage of(Sandbox sandbox) {
        return sandbox.unavailable().map(why -> elsewhere(sandbox, why)).orElseGet(() -> new Here(sandbox));
    }

    private static Stage elsewhere(Sandbox sandbox, String why) {
        return sandbox instanceof NamespaceSandbox
                ? inUserNamespace(sandbox, UserNamespaces.obstacles())
                : new Nowhere(why + ". Or start lab serve without --sandbox " + sandbox.name());
    }

    /**
     * For what this process can't make itself.
     *
     * @param obstacles what forbids user namespaces
     */
    static Stage inUserNamespace(Sandbox sandbox, List<Obstacle> obstacles) {
        return obstacles.isEmpty()
                ? new InUserNamespace(sandbox)
                : new Nowhere("this user may create neither network namespaces nor a user namespace to have them in. "
                        + obstacles.stream().map(Obstacle::toString).collect(Collectors.joining("; "))
                        + ". Or start lab serve with --sandbox host, which runs what this host's loopback can show");
    }

    /** Why nothing can run, with the next step; empty if it can. */
    default Optional<String> unavailable() {
        return switch (this) {
            case Here here -> Optional.empty();
            case InUserNamespace there -> Optional.empty();
            case Nowhere nowhere -> Optional.of(nowhere.reason());
        };
    }

    /**
     * Checks everything that can be known, and starts.
     *
     * @param settings of knobs, name to text
     * @param out where its results folder is made
     * @param changed is called when there is something new, and must return at once
     * @throws UsageException if it can't be done as asked
     */
    default Running start(String experiment, Map<String, String> settings, Path out, Runnable changed) {
        return switch (this) {
            case Here here -> RunFeed.start(experiment, settings, here.sandbox(), out, changed);
            case InUserNamespace there ->
                RemoteRun.start(
                        new RunProcess.Order(
                                experiment, settings, there.sandbox().name(), out.toString()),
                        RunProcess.inUserNamespace(),
                        changed);
            case Nowhere nowhere -> throw new UsageException("experiments can't run here: " + nowhere.reason());
        };
    }
}
