package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a pod's status says. */
final class Pods {
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private static final Set<String> NO_IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

    /** Of which nothing comes without somebody's doing. */
    private static final Set<String> NO_CONTAINER =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError");

    private Pods() {}

    /** From 1. */
    static int number(Pod pod) {
        String index = Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(INDEX))
                .orElse("0");
        return Integer.parseInt(index) + 1;
    }

    static boolean isOver(Pod pod) {
        return status(pod).map(PodStatus::getPhase).filter(OVER::contains).isPresent();
    }

    /** Whether its container runs. */
    static boolean isRunning(Pod pod) {
        return containers(pod)
                .anyMatch(container ->
                        container.getState() != null && container.getState().getRunning() != null);
    }

    /** Why it won't come to run; empty while it may. */
    static Optional<String> trouble(Pod pod) {
        if (isOver(pod)) {
            return Optional.of("a pod ended before it called: " + end(pod));
        }
        return waits(pod)
                .filter(waiting -> NO_IMAGE.contains(waiting.getReason()) || NO_CONTAINER.contains(waiting.getReason()))
                .findFirst()
                .map(waiting -> NO_IMAGE.contains(waiting.getReason()) ? noImage(pod, waiting) : text(pod, waiting));
    }

    private static String noImage(Pod pod, ContainerStateWaiting waiting) {
        return "%s. Give --image a name that the nodes can pull, or bring the image to each node (kind: `kind load docker-image %s`; minikube: `minikube image load %s`)"
                .formatted(text(pod, waiting), image(pod), image(pod));
    }

    /** What it waits for; empty if it runs. */
    static Optional<String> waiting(Pod pod) {
        return waits(pod).findFirst().map(waiting -> text(pod, waiting)).or(() -> unscheduled(pod));
    }

    private static Optional<String> unscheduled(Pod pod) {
        return status(pod).map(PodStatus::getConditions).orElse(List.of()).stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .findFirst()
                .map(condition -> "no node takes the pod %s: %s".formatted(name(pod), condition.getMessage()));
    }

    /** How one that is over ended. */
    static String end(Pod pod) {
        String reason = status(pod)
                .map(status -> Stream.of(status.getReason(), status.getMessage())
                        .filter(Objects::nonNull)
                        .reduce("", (one, other) -> one + ", " + other))
                .orElse("");
        String container = containers(pod)
                .map(each -> each.getState() == null ? null : each.getState().getTerminated())
                .filter(Objects::nonNull)
                .findFirst()
                .map(Pods::text)
                .orElse("");
        String phase = status(pod).map(PodStatus::getPhase).orElse("gone");
        return "the pod %s is %s%s%s".formatted(name(pod), phase, reason, container);
    }

    private static String text(ContainerStateTerminated end) {
        return ", its container ended with code %d (%s)".formatted(end.getExitCode(), end.getReason());
    }

    private static String text(Pod pod, ContainerStateWaiting waiting) {
        String message = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
        return "the pod %s waits: %s%s".formatted(name(pod), waiting.getReason(), message);
    }

    private static Stream<ContainerStateWaiting> waits(Pod pod) {
        return containers(pod)
                .map(container -> container.getState() == null
                        ? null
                        : container.getState().getWaiting())
                .filter(waiting -> waiting != null && waiting.getReason() != null);
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return status(pod).map(PodStatus::getContainerStatuses).orElse(List.of()).stream();
    }

    private static Optional<PodStatus> status(Pod pod) {
        return Optional.ofNullable(pod.getStatus());
    }

    private static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
