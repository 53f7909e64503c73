package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tcplab.containers.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What there is of storms in the namespace in which they are. */
final class Namespace {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofMillis(200);

    private final KubernetesClient client;

    Namespace(KubernetesClient client) {
        this.client = client;
    }

    Job create(Job job) {
        return client.batch().v1().jobs().inNamespace(name()).resource(job).create();
    }

    List<Pod> pods(String run) {
        return client.pods()
                .inNamespace(name())
                .withLabel(Owner.RUN, run)
                .list()
                .getItems();
    }

    List<Pod> pods(String run, String role) {
        return client.pods()
                .inNamespace(name())
                .withLabels(Map.of(Owner.RUN, run, Jobs.ROLE, role))
                .list()
                .getItems();
    }

    /** Why the cluster makes no pods of a Job, such as a quota or an admission; empty if it does, or if that can't be read. */
    Optional<String> refusal(String job) {
        try {
            return client
                    .v1()
                    .events()
                    .inNamespace(name())
                    .withField("involvedObject.name", job)
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> "FailedCreate".equals(event.getReason()))
                    .findFirst()
                    .map(Event::getMessage);
        } catch (KubernetesClientException mayNot) {
            return Optional.empty();
        }
    }

    /** Removes all of a storm; returns when nothing of it is left, or after a minute. */
    void remove(String run) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<Job> jobs = jobs(run);
            jobs.stream()
                    .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
                    .forEach(this::delete);
            if ((jobs.isEmpty() && pods(run).isEmpty()) || System.nanoTime() > deadline) {
                return;
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    private void delete(Job job) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(name())
                .withName(job.getMetadata().getName())
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** Removes storms whose coordinator was on this machine and has ended; says which. */
    List<String> sweep() {
        List<Job> left = relays().stream().filter(Namespace::isLeftBehind).toList();
        left.forEach(job -> remove(job.getMetadata().getLabels().getOrDefault(Owner.RUN, "")));
        return names(left);
    }

    /** Storms whose coordinator may still be at work. */
    List<String> others() {
        return names(relays().stream().filter(job -> !isLeftBehind(job)).toList());
    }

    private static boolean isLeftBehind(Job job) {
        return Optional.ofNullable(job.getMetadata().getAnnotations())
                .flatMap(Owner::of)
                .filter(Owner::isGone)
                .isPresent();
    }

    private static List<String> names(List<Job> jobs) {
        return jobs.stream().map(job -> job.getMetadata().getName()).toList();
    }

    private List<Job> jobs(String run) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(name())
                .withLabel(Owner.RUN, run)
                .list()
                .getItems();
    }

    private List<Job> relays() {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(name())
                .withLabel(Jobs.ROLE, Jobs.RELAY)
                .list()
                .getItems();
    }

    private String name() {
        return client.getNamespace();
    }
}
