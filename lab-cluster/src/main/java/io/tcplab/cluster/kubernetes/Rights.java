package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a lab must be allowed to do in its namespace.
 *
 * @param resource with its subresource, as `kubectl auth can-i` takes it
 */
record Rights(String verb, String group, String resource) {
    /** Get and create: which of the two an attach by WebSocket takes depends on the API server's version. */
    private static final List<Rights> ALL = List.of(
            new Rights("create", "batch", "jobs"),
            new Rights("list", "batch", "jobs"),
            new Rights("delete", "batch", "jobs"),
            new Rights("list", "", "pods"),
            new Rights("get", "", "pods"),
            new Rights("get", "", "pods/attach"),
            new Rights("create", "", "pods/attach"));

    /** Those that are missing; empty if none is. */
    static Optional<String> problem(KubernetesClient client) {
        String namespace = client.getNamespace();
        List<Rights> missing =
                ALL.stream().filter(right -> right.isRefused(client)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "you may not %s in the namespace %s: ask for a role that has this (docs/cluster.md has one), or name another --namespace; `kubectl auth can-i --list --namespace %s` shows what you may do"
                                .formatted(
                                        missing.stream().map(Rights::text).collect(Collectors.joining(", ")),
                                        namespace,
                                        namespace));
    }

    private String text() {
        return verb + " " + resource;
    }

    /** What doesn't answer this question answers the real one later. */
    private boolean isRefused(KubernetesClient client) {
        String[] parts = resource.split("/", 2);
        ResourceAttributes attributes = new ResourceAttributesBuilder()
                .withNamespace(client.getNamespace())
                .withVerb(verb)
                .withGroup(group)
                .withResource(parts[0])
                .withSubresource(parts.length > 1 ? parts[1] : null)
                .build();
        SelfSubjectAccessReview answer = client.resource(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withResourceAttributes(attributes)
                        .endSpec()
                        .build())
                .create();
        return answer.getStatus() != null
                && Boolean.FALSE.equals(answer.getStatus().getAllowed());
    }
}
