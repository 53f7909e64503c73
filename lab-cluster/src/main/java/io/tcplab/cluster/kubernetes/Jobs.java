package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.containers.AttachedContainer;
import io.tcplab.containers.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A crew's Jobs. That of the relay owns the others: when the relay ends, for whatever reason, its Job is finished; its time to live
 * then has the cluster delete it, and with it all that it owns.
 *
 * @param annotations with the owner, whose values no label may have
 */
record Jobs(String run, String image, Map<String, String> annotations, CrewPlan plan) {
    /** The role of the pod that is attached to. */
    static final String RELAY = "relay";

    /** Which role a pod has. */
    static final String ROLE = "io.tcplab.role";

    /** The only container of each pod. */
    static final String CONTAINER = "lab";

    /** In which the lab can still read how a pod ended. */
    private static final int KEPT_SECONDS = 30;

    private static final long STOP_SECONDS = 2;
    private static final long USER = 65532;

    /** The name of a role's Job. */
    String name(String role) {
        return plan.name(run, role);
    }

    /** The owner of the others. */
    Job relay() {
        Container container = new ContainerBuilder(container(List.of("agent", "--relay")))
                .withStdin(true)
                .withStdinOnce(true)
                .build();
        return new JobBuilder(job(RELAY, 1, template(RELAY, container)))
                .editSpec()
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .endSpec()
                .build();
    }

    /** Of agents that call the relay there. */
    Job agents(CrewPlan.Post post, String relay, Job owner) {
        String role = post.role();
        Container container = container(plan.agent(relay, run, role));
        PodTemplateSpec ordinary = template(role, container);
        PodTemplateSpec template = switch (plan) {
            case CrewPlan.ForStorm storm -> ordinary;
            case CrewPlan.ForComparison it -> CellPods.of(ordinary, it, Map.of(Owner.RUN, run, ROLE, role));
        };
        return new JobBuilder(job(role, post.count(), template))
                .editMetadata()
                .withOwnerReferences(reference(owner))
                .endMetadata()
                .build();
    }

    /** None of its pods is started anew, and none ends because another has. */
    private Job job(String role, int count, PodTemplateSpec template) {
        return new JobBuilder()
                .withMetadata(metadata(role).withName(name(role)).build())
                .withNewSpec()
                .withCompletionMode("Indexed")
                .withCompletions(count)
                .withParallelism(count)
                .withBackoffLimitPerIndex(0)
                .withActiveDeadlineSeconds(plan.lifetime().most().toSeconds())
                .withTemplate(template)
                .endSpec()
                .build();
    }

    private ObjectMetaBuilder metadata(String role) {
        return new ObjectMetaBuilder()
                // A mesh's proxy would be what connects, and be measured.
                .withLabels(Map.of(Owner.RUN, run, ROLE, role, "sidecar.istio.io/inject", "false"))
                .withAnnotations(annotations)
                .addToAnnotations("linkerd.io/inject", "disabled");
    }

    private PodTemplateSpec template(String role, Container container) {
        ObjectMeta metadata = metadata(role).build();
        return new PodTemplateSpecBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(STOP_SECONDS)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(Map.of(Owner.RUN, run))
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .withContainers(container)
                .endSpec()
                .build();
    }

    private Container container(List<String> arguments) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withArgs(arguments)
                .withEnv(environment())
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .build();
    }

    /** Its number it has from JOB_COMPLETION_INDEX, which each pod of an indexed Job is given. */
    private static List<EnvVar> environment() {
        List<EnvVar> environment = new ArrayList<>();
        environment.add(new EnvVarBuilder()
                .withName("LAB_AGENT_NODE")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("spec.nodeName")
                .endFieldRef()
                .endValueFrom()
                .build());
        Optional.ofNullable(System.getenv(AttachedContainer.JVM_OPTIONS))
                .ifPresent(options -> environment.add(new EnvVarBuilder()
                        .withName(AttachedContainer.JVM_OPTIONS)
                        .withValue(options)
                        .build()));
        return environment;
    }

    private static OwnerReference reference(Job owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build();
    }
}
