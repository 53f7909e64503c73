package io.tcplab.cli;

import io.tcplab.cluster.kubernetes.Access;
import io.tcplab.experiments.UsageException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kubernetes cluster, as kubectl's users know it. */
final class KubernetesOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "With --on kubernetes: how to reach the cluster (default: KUBECONFIG, or ~/.kube/config).")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "With --on kubernetes: the kubeconfig's context (default: its current one).")
    private @Nullable String context;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "With --on kubernetes: the namespace of the pods; it must be there (default: the context's).")
    private @Nullable String namespace;

    Access access() {
        return new Access(
                Optional.ofNullable(kubeconfig), Optional.ofNullable(context), Optional.ofNullable(namespace));
    }

    /** Throws {@link UsageException} if one is given. */
    void refuse() {
        if (kubeconfig != null || context != null || namespace != null) {
            throw new UsageException("--kubeconfig, --context and --namespace are for --on kubernetes");
        }
    }
}
