package io.tcplab.cluster.swarm;

import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.EndpointResolutionMode;
import com.github.dockerjava.api.model.EndpointSpec;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.NetworkAttachmentConfig;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServicePlacement;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceRestartCondition;
import com.github.dockerjava.api.model.ServiceRestartPolicy;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.TaskSpec;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.containers.AttachedContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A crew's services. Their tasks are agents that call the relay; who they are comes from the templates that Swarm fills in.
 *
 * <p>No task is started anew. Names resolve to the tasks' own addresses (dnsrr): the virtual address that is Swarm's default needs the kernel's
 * IPVS, would be a hop in between, and nobody asks for a name here.
 */
record Services(String run, String image, String network, String relay, Map<String, String> labels, CrewPlan plan) {
    private static final long STOP_NANOS = 2_000_000_000;

    List<ServiceSpec> all() {
        return plan.posts().stream().map(post -> of(post.role(), post.count())).toList();
    }

    private ServiceSpec of(String role, int tasks) {
        return new ServiceSpec()
                .withName(plan.name(run, role))
                .withLabels(labels)
                .withMode(
                        new ServiceModeConfig().withReplicated(new ServiceReplicatedModeOptions().withReplicas(tasks)))
                .withEndpointSpec(new EndpointSpec().withMode(EndpointResolutionMode.DNSRR))
                .withTaskTemplate(new TaskSpec()
                        .withContainerSpec(container(role))
                        .withPlacement(placement())
                        .withNetworks(List.of(new NetworkAttachmentConfig().withTarget(network)))
                        .withRestartPolicy(new ServiceRestartPolicy().withCondition(ServiceRestartCondition.NONE)));
    }

    /** Swarm itself spreads a service's tasks over the machines; a comparison must have each on another one. */
    private ServicePlacement placement() {
        return switch (plan) {
            case CrewPlan.ForStorm storm -> new ServicePlacement();
            case CrewPlan.ForComparison it ->
                new ServicePlacement()
                        .withMaxReplicas(1)
                        .withConstraints(
                                it
                                        .label()
                                        .map(label -> "node.labels.%s==%s".formatted(label.key(), label.value()))
                                        .stream()
                                        .toList());
        };
    }

    private ContainerSpec container(String role) {
        List<String> environment =
                new ArrayList<>(List.of("LAB_AGENT_NUMBER={{.Task.Slot}}", "LAB_AGENT_NODE={{.Node.Hostname}}"));
        Optional.ofNullable(System.getenv(AttachedContainer.JVM_OPTIONS))
                .ifPresent(options -> environment.add(AttachedContainer.JVM_OPTIONS + "=" + options));
        if (plan instanceof CrewPlan.ForComparison) {
            environment.addAll(CrewPlan.ForComparison.ENVIRONMENT);
        }
        return new TaskContainer(plan)
                .withImage(image)
                .withArgs(plan.agent(relay, run, role))
                .withEnv(environment)
                .withLabels(labels)
                .withStopGracePeriod(STOP_NANOS)
                // A health check would be another process with sockets of its own.
                .withHealthCheck(new HealthCheck().withTest(List.of("NONE")));
    }
}
