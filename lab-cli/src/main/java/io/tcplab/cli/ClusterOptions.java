package io.tcplab.cli;

import io.tcplab.cluster.Cluster;
import io.tcplab.cluster.kubernetes.Kubernetes;
import io.tcplab.cluster.swarm.Swarm;
import io.tcplab.containers.LabImage;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.Nearest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a cluster's tasks are made of, and how the cluster is reached. */
final class ClusterOptions {
    private static final String KUBERNETES = "kubernetes";
    private static final List<String> KINDS = List.of("swarm", KUBERNETES);

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "With --on: image of the tasks (default: tcplab/lab:dev, or LAB_IMAGE).")
    private @Nullable String image;

    @Mixin
    private final KubernetesOptions kubernetes = new KubernetesOptions();

    /** Throws {@link UsageException} if there is no such kind of cluster, or options aren't for it. */
    void check(String kind) {
        if (!KINDS.contains(kind)) {
            String hint = Nearest.hint(kind, KINDS);
            throw new UsageException("--on %s: unknown kind of cluster%s"
                    .formatted(kind, hint.isEmpty() ? "; there are swarm and kubernetes" : hint));
        }
        if (!kind.equals(KUBERNETES)) {
            kubernetes.refuse();
        }
    }

    /** Throws {@link UsageException} if any is given, because no cluster is. */
    void refuse() {
        kubernetes.refuse();
        if (image != null) {
            throw new UsageException("--image is for --on");
        }
    }

    /** The cluster of a kind that was checked; not yet looked for. No other command is to load what knows of containers. */
    Cluster cluster(String kind) {
        return kind.equals(KUBERNETES) ? new Kubernetes(kubernetes.access(), image()) : new Swarm(image());
    }

    String image() {
        return image == null ? LabImage.NAME : image;
    }
}
