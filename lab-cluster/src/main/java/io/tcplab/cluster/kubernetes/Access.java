package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which cluster, as kubectl's options of the same names say it.
 *
 * @param kubeconfig empty: KUBECONFIG, then ~/.kube/config, then a pod's own service account
 * @param context empty: the kubeconfig's current one
 * @param namespace empty: the context's
 */
public record Access(Optional<Path> kubeconfig, Optional<String> context, Optional<String> namespace) {
    private static final String DEFAULT_NAMESPACE = "default";
    static final int CONNECT_MILLIS = 5_000;
    private static final int TRIES_AGAIN = 2;

    /** Not a cluster that could be asked. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String why) {
            super(why);
        }
    }

    /** A client, which hasn't asked anything; throws {@link Missing} with the next step. */
    KubernetesClient client() {
        Config config = config();
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withNamespace(namespace.orElse(
                                Optional.ofNullable(config.getNamespace()).orElse(DEFAULT_NAMESPACE)))
                        .withConnectionTimeout(CONNECT_MILLIS)
                        .withRequestRetryBackoffLimit(TRIES_AGAIN)
                        .build())
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    private Config config() {
        Optional<Path> absent = kubeconfig.filter(file -> !Files.isReadable(file));
        if (absent.isPresent()) {
            throw new Missing("there is no readable file " + absent.get() + ": give another --kubeconfig");
        }
        if (kubeconfig.isEmpty() && !hasKubeconfig() && !isInPod()) {
            throw new Missing("no kubeconfig is found: give --kubeconfig FILE, set KUBECONFIG, or have your provider's"
                    + " tool write ~/.kube/config; `kubectl config view` shows what kubectl uses");
        }
        Config config = read();
        context.filter(name -> config.getCurrentContext() == null
                        || !name.equals(config.getCurrentContext().getName()))
                .ifPresent(name -> {
                    throw new Missing("the kubeconfig has no context %s; it has %s".formatted(name, contexts(config)));
                });
        return config;
    }

    private Config read() {
        try {
            return kubeconfig
                    .map(file -> Config.fromKubeconfig(context.orElse(null), file.toFile()))
                    .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
        } catch (RuntimeException e) {
            throw new Missing("the kubeconfig can't be read: %s; `kubectl config view` shows what kubectl makes of it"
                    .formatted(e.getMessage()));
        }
    }

    private static List<String> contexts(Config config) {
        return config.getContexts().stream()
                .map(each -> each.getName())
                .sorted()
                .toList();
    }

    private static boolean hasKubeconfig() {
        return Config.getKubeconfigFilenames().stream().anyMatch(name -> Files.isReadable(Path.of(name)));
    }

    private static boolean isInPod() {
        return Files.isReadable(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH));
    }
}
