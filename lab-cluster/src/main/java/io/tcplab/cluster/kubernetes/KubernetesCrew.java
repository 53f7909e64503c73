package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Member;
import io.tcplab.cluster.RelayLine;
import io.tcplab.cluster.TaskCrew;
import io.tcplab.containers.Uninterruptibly;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A crew's Jobs, and the line to the relay's pod by which the lab talks to the others. */
final class KubernetesCrew extends TaskCrew {
    /** A node may have to pull the image first. */
    private static final Duration RELAY_STARTS = Duration.ofMinutes(2);

    private static final Duration RELAY_LISTENS = Duration.ofMinutes(1);
    private static final long LOOK_MILLIS = 500;

    private final KubernetesClient client;
    private final Namespace namespace;
    private final Jobs jobs;
    private final Attachment.Opener opener;
    private final RelayLine line;
    private Optional<Attachment> relay = Optional.empty();

    KubernetesCrew(KubernetesClient client, Jobs jobs, Attachment.Opener opener) {
        super("Kubernetes");
        this.client = client;
        this.jobs = jobs;
        this.opener = opener;
        namespace = new Namespace(client);
        line = new RelayLine(jobs.run(), bytes -> relay.ifPresent(attachment -> attachment.send(bytes)));
    }

    @Override
    protected RelayLine line() {
        return line;
    }

    /** Makes the relay first, which owns the rest; returns when all agents have called. */
    void start() throws InterruptedException {
        Job owner = make(jobs.relay());
        Pod pod = awaitRelay();
        relay = Optional.of(asked(
                "attach to the relay's pod",
                () -> opener.open(client, pod.getMetadata().getName(), line)));
        String address = "%s:%d".formatted(bracketed(pod.getStatus().getPodIP()), line.port(RELAY_LISTENS));
        jobs.plan().posts().forEach(post -> make(jobs.agents(post, address, owner)));
        awaitAll(jobs.plan().size());
    }

    private Job make(Job job) {
        return asked("create a Job", () -> namespace.create(job));
    }

    private static <T> T asked(String what, Supplier<T> request) {
        return Uninterruptibly.call(() -> {
            try {
                return request.get();
            } catch (KubernetesClientException e) {
                throw new EvidenceMissing("can't %s: %s".formatted(what, e.getMessage()), e);
            }
        });
    }

    private static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private Pod awaitRelay() throws InterruptedException {
        long deadline = System.nanoTime() + RELAY_STARTS.toNanos();
        while (true) {
            Optional<Pod> running =
                    pods(Jobs.RELAY).stream().filter(Pods::isRunning).findFirst();
            if (running.isPresent()) {
                return running.get();
            }
            trouble(Stream.of(Jobs.RELAY)).ifPresent(why -> {
                throw new EvidenceMissing(why);
            });
            if (System.nanoTime() > deadline) {
                throw new EvidenceMissing("the relay's pod hasn't started within %d s: %s"
                        .formatted(RELAY_STARTS.toSeconds(), waiting(Stream.of(Jobs.RELAY))));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    @Override
    protected Optional<String> trouble() {
        return trouble(roles());
    }

    private Stream<String> roles() {
        return jobs.plan().posts().stream().map(CrewPlan.Post::role);
    }

    private Optional<String> trouble(Stream<String> roles) {
        return roles.map(this::trouble).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> trouble(String role) {
        List<Pod> pods = pods(role);
        Optional<String> none = pods.isEmpty()
                ? Uninterruptibly.call(() -> namespace.refusal(jobs.name(role)))
                        .map(why -> "the cluster makes no pod of the Job %s: %s".formatted(jobs.name(role), why))
                : Optional.empty();
        return none.or(
                () -> pods.stream().map(Pods::trouble).flatMap(Optional::stream).findFirst());
    }

    @Override
    protected String waiting() {
        return waiting(roles());
    }

    private String waiting(Stream<String> roles) {
        return roles.flatMap(role -> pods(role).stream())
                .map(Pods::waiting)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("those missing run, but don't reach the relay; does a NetworkPolicy of the namespace forbid"
                        + " connections between its pods?");
    }

    @Override
    protected Optional<String> end(Member lost) {
        return pods(lost.hello().role()).stream()
                .filter(pod -> Pods.number(pod) == lost.hello().number())
                .filter(Pods::isOver)
                .findFirst()
                .map(Pods::end);
    }

    private List<Pod> pods(String role) {
        return asked("list pods", () -> namespace.pods(jobs.run(), role));
    }

    /** First hangs up, by which all end; then removes what they were made of. */
    @Override
    protected void remove() {
        Uninterruptibly.call(() -> {
            relay.ifPresent(Attachment::close);
            namespace.remove(jobs.run());
            return true;
        });
    }
}
