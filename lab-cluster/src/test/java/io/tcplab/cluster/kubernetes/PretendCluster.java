package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.tcplab.containers.AttachedContainer;
import io.tcplab.containers.LineOutput;
import io.tcplab.containers.agent.Caller;
import io.tcplab.containers.agent.Relay;
import io.tcplab.containers.agent.Trials;
import io.tcplab.containers.protocol.Hello;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * fabric8's mock of the API server, and beside it what a cluster's controllers and nodes do with a storm's Jobs: makes pods, runs relay and
 * agents as threads over loopback, deletes a finished Job that has a time to live, and what it owned.
 */
final class PretendCluster implements AutoCloseable {
    static final String NAMESPACE = "test";

    private static final Duration LIFETIME = Duration.ofMinutes(1);

    /** The mock logs each request. */
    private static final Logger LOG = Logger.getLogger(MockWebServer.class.getName());

    static {
        LOG.setLevel(Level.OFF);
    }

    private final KubernetesMockServer server;
    private final KubernetesClient client;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final List<Job> created = new CopyOnWriteArrayList<>();
    private final List<Thread> containers = new CopyOnWriteArrayList<>();
    private final AtomicReference<PodStatus> instead = new AtomicReference<>();
    private final PipedOutputStream toRelay = new PipedOutputStream();
    private final Thread controllers = Thread.ofPlatform().daemon().unstarted(this::control);
    private volatile Trials trials = Trials.NONE;
    private volatile boolean over;
    private volatile boolean allowed = true;
    private volatile boolean barren;

    PretendCluster() {
        Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), responses, new KubernetesMixedDispatcher(responses), false);
        server.init();
        client = server.createClient(new JdkHttpClientFactory());
        answerWhatIsAllowed();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        controllers.start();
    }

    KubernetesMockServer server() {
        return server;
    }

    KubernetesClient client() {
        return client;
    }

    /** From now on nothing may be done. */
    void forbid() {
        allowed = false;
    }

    private void answerWhatIsAllowed() {
        server.expect()
                .post()
                .withPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
                .andReply(
                        201,
                        request -> new SelfSubjectAccessReviewBuilder()
                                .withNewStatus()
                                .withAllowed(allowed)
                                .endStatus()
                                .build())
                .always();
    }

    /** From now on pods have this status, and nothing runs in them. */
    void refuse(PodStatus status) {
        instead.set(status);
    }

    /** From now on Jobs come to nothing. */
    void makeNoPods() {
        barren = true;
    }

    /** What agents that are started from now on can run. */
    void run(Trials what) {
        trials = what;
    }

    /** The API server knows of a node. */
    void addNode(String name, Map<String, String> labels) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    /** All Jobs so far, in the order of their creation. */
    List<Job> created() {
        return created;
    }

    List<Pod> pods() {
        return client.pods().inNamespace(NAMESPACE).list().getItems();
    }

    List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems();
    }

    /** As the node does it when the one that was attached is gone. */
    void hangUp() {
        try {
            toRelay.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Attachment attach(KubernetesClient from, String pod, AttachedContainer.Line line) {
        PipedInputStream input = fromLab();
        start(() -> {
            try (input) {
                Relay.serve(input, new LineOutput(line));
            } catch (IOException broken) {
                // The other end is gone.
            }
            line.cut("the line to its pod has ended");
            end(pod);
        });
        return new Attachment() {
            @Override
            public void send(byte[] bytes) {
                try {
                    toRelay.write(bytes);
                    toRelay.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                hangUp();
            }
        };
    }

    private PipedInputStream fromLab() {
        try {
            return new PipedInputStream(toRelay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void control() {
        while (!over) {
            jobs().stream().filter(job -> made.add(job.getMetadata().getName())).forEach(this::makePods);
            jobs().stream().filter(this::isToGo).forEach(this::delete);
            Set<String> names = Set.copyOf(
                    jobs().stream().map(job -> job.getMetadata().getName()).toList());
            pods().stream()
                    .filter(pod -> !names.contains(jobOf(pod)))
                    .forEach(pod -> client.resource(pod).delete());
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void makePods(Job job) {
        created.add(job);
        for (int index = 0; !barren && index < job.getSpec().getCompletions(); index++) {
            Pod pod = new PodBuilder()
                    .withMetadata(job.getSpec().getTemplate().getMetadata())
                    .editMetadata()
                    .withName(job.getMetadata().getName() + "-" + index)
                    .withNamespace(NAMESPACE)
                    .addToAnnotations("batch.kubernetes.io/job-completion-index", Integer.toString(index))
                    .endMetadata()
                    .withSpec(job.getSpec().getTemplate().getSpec())
                    .withStatus(instead.get() == null ? running() : instead.get())
                    .build();
            client.resource(pod).create();
            if (instead.get() == null) {
                run(pod, index);
            }
        }
    }

    private static PodStatus running() {
        return new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .addNewContainerStatus()
                .withName(Jobs.CONTAINER)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .build();
    }

    private void run(Pod pod, int index) {
        List<String> args = pod.getSpec().getContainers().getFirst().getArgs();
        if (!args.contains("--call")) {
            return;
        }
        String[] relay = after(args, "--call").split(":", 2);
        Hello hello = new Hello(after(args, "--key"), after(args, "--role"), index + 1, "node-" + index);
        start(() -> {
            try {
                Caller.serve(
                        new InetSocketAddress(InetAddress.ofLiteral(relay[0]), Integer.parseInt(relay[1])),
                        hello,
                        "pretended",
                        LIFETIME,
                        trials);
            } catch (IOException closed) {
                // with the relay
            }
            end(pod.getMetadata().getName());
        });
    }

    private void start(Runnable container) {
        containers.add(Thread.ofPlatform().daemon().start(container));
    }

    private static String after(List<String> args, String option) {
        return args.get(args.indexOf(option) + 1);
    }

    private void end(String pod) {
        try {
            client.pods()
                    .inNamespace(NAMESPACE)
                    .withName(pod)
                    .editStatus(ended -> new PodBuilder(ended)
                            .editStatus()
                            .withPhase("Succeeded")
                            .endStatus()
                            .build());
        } catch (KubernetesClientException removed) {
            // There is nothing to be marked any more.
        }
    }

    /** A finished one with a time to live, and one whose owner is gone. */
    private boolean isToGo(Job job) {
        List<Pod> own = pods().stream()
                .filter(pod -> jobOf(pod).equals(job.getMetadata().getName()))
                .toList();
        boolean finished =
                instead.get() == null && !own.isEmpty() && own.stream().allMatch(Pods::isOver);
        List<OwnerReference> owners = job.getMetadata().getOwnerReferences();
        return (finished && job.getSpec().getTtlSecondsAfterFinished() != null)
                || owners.stream()
                        .anyMatch(owner -> jobs().stream()
                                .noneMatch(any -> any.getMetadata().getUid().equals(owner.getUid())));
    }

    private void delete(Job job) {
        client.resource(job).delete();
    }

    private static String jobOf(Pod pod) {
        String name = pod.getMetadata().getName();
        return name.substring(0, name.lastIndexOf('-'));
    }

    @Override
    public void close() {
        over = true;
        hangUp();
        try {
            controllers.join();
            for (Thread container : containers) {
                container.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
        server.destroy();
    }
}
