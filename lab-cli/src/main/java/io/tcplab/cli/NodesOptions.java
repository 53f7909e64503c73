package io.tcplab.cli;

import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Lifetime;
import io.tcplab.cluster.NodeLabel;
import io.tcplab.experiments.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On which machines of a cluster a comparison's trials run. */
final class NodesOptions {
    private static final int DEFAULT_NODES = 2;
    private static final int MOST_NODES = 200;

    @Option(
            names = "--on",
            paramLabel = "KIND",
            description = "Spread the trials over the machines of a cluster, swarm (Docker's) or kubernetes; each trial"
                    + " runs whole on one machine, and settings are compared within each.")
    private @Nullable String on;

    @Option(names = "--nodes", paramLabel = "N", description = "With --on: how many machines (default: 2).")
    private @Nullable Integer nodes;

    @Option(
            names = "--node-label",
            paramLabel = "KEY=VALUE",
            description = "With --on: only machines that have this label.")
    private @Nullable String label;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    /** The kind of cluster; empty if the trials run on this machine. Throws {@link UsageException} if other options exclude a cluster. */
    Optional<String> kind(KernelOption kernels, List<String> sandboxes) {
        if (on == null) {
            if (nodes != null || label != null) {
                throw new UsageException("--nodes and --node-label are for --on");
            }
            cluster.refuse();
            return Optional.empty();
        }
        cluster.check(on);
        // A task makes its cells by itself, and has neither an engine nor QEMU.
        if (kernels.isGiven()) {
            throw new UsageException("--kernel boots guests on this machine: leave it out, or --on");
        }
        if (sandboxes.contains("docker")) {
            throw new UsageException("--sandbox docker uses this machine's engine: leave it out, or --on");
        }
        return Optional.of(on);
    }

    int count() {
        int count = nodes == null ? DEFAULT_NODES : nodes;
        if (count < 1 || count > MOST_NODES) {
            throw new UsageException("--nodes %d is not between 1 and %d".formatted(count, MOST_NODES));
        }
        return count;
    }

    ClusterOptions cluster() {
        return cluster;
    }

    /** For trials that take about that long. */
    CrewPlan plan(Duration about) {
        return new CrewPlan.ForComparison(count(), label(), Lifetime.of(about));
    }

    private Optional<NodeLabel> label() {
        try {
            return Optional.ofNullable(label).map(NodeLabel::parse);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }
}
