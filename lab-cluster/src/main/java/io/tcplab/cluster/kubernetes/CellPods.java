package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.NodeLabel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Pods that make cells, each on a node of its own. They are root with {@link CrewPlan.ForComparison#CAPABILITIES}, which only a namespace with the
 * Pod Security Standard {@code privileged} allows; and without AppArmor's and seccomp's profiles, of which the one forbids to mount, the other
 * io_uring.
 */
final class CellPods {
    private CellPods() {}

    /**
     * Makes such pods of ordinary ones.
     *
     * @param labels that all of them have, and no other pod
     */
    static PodTemplateSpec of(PodTemplateSpec ordinary, CrewPlan.ForComparison plan, Map<String, String> labels) {
        List<EnvVar> environment = CrewPlan.ForComparison.ENVIRONMENT.stream()
                .map(variable -> variable.split("=", 2))
                .map(pair -> new EnvVar(pair[0], pair[1], null))
                .toList();
        return new PodTemplateSpecBuilder(ordinary)
                .editSpec()
                .withNodeSelector(selector(plan))
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(labels)
                .endLabelSelector()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity()
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .withNewSeccompProfile()
                .withType("Unconfined")
                .endSeccompProfile()
                .withNewAppArmorProfile()
                .withType("Unconfined")
                .endAppArmorProfile()
                .endSecurityContext()
                .editFirstContainer()
                .addAllToEnv(environment)
                .withNewSecurityContext()
                .withNewCapabilities()
                .withDrop("ALL")
                .withAdd(CrewPlan.ForComparison.CAPABILITIES)
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }

    private static Map<String, String> selector(CrewPlan.ForComparison plan) {
        return plan.label().stream().collect(Collectors.toMap(NodeLabel::key, NodeLabel::value));
    }
}
