package io.tcplab.cluster.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.api.model.TaskStatus;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.Member;
import io.tcplab.cluster.RelayLine;
import io.tcplab.cluster.TaskCrew;
import io.tcplab.containers.AttachedContainer;
import io.tcplab.containers.ContainerHost;
import io.tcplab.containers.Uninterruptibly;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A crew's services, its network, and the relay in it by which the lab talks to the tasks. */
final class SwarmCrew extends TaskCrew {
    private static final Duration RELAY_STARTS = Duration.ofMinutes(1);

    private static final Set<TaskState> OVER = EnumSet.of(
            TaskState.FAILED, TaskState.REJECTED, TaskState.COMPLETE, TaskState.SHUTDOWN, TaskState.ORPHANED);

    private final DockerClient client;
    private final String run;
    private final Map<String, String> labels;
    private final Swarm.Image image;
    private final CrewPlan plan;
    private final RelayLine line;
    private Optional<AttachedContainer> relay = Optional.empty();

    SwarmCrew(DockerClient client, String run, Map<String, String> labels, Swarm.Image image, CrewPlan plan) {
        super("Swarm");
        this.client = client;
        this.run = run;
        this.labels = labels;
        this.image = image;
        this.plan = plan;
        line = new RelayLine(run, bytes -> relay.ifPresent(container -> container.send(bytes)));
    }

    @Override
    protected RelayLine line() {
        return line;
    }

    /** Makes all of it; returns when all tasks have called. */
    void start() throws InterruptedException {
        String address = Uninterruptibly.call(() -> {
            try {
                return startRelay(createNetwork());
            } catch (RuntimeException e) {
                throw refusal("can't start the relay", e);
            }
        });
        Services services = new Services(
                run, image.forTasks(), networkName(), address + ":" + line.port(RELAY_STARTS), labels, plan);
        Uninterruptibly.call(() -> {
            services.all().forEach(service -> client.createServiceCmd(service).exec());
            return true;
        });
        awaitAll(plan.size());
    }

    private String networkName() {
        return "lab-%s-%s".formatted(plan.purpose(), run);
    }

    /** Without a way out. Attachable: the relay is no task, since the engine attaches nobody to a task's standard input. */
    private String createNetwork() {
        return client.createNetworkCmd()
                .withName(networkName())
                .withDriver("overlay")
                .withAttachable(true)
                .withInternal(true)
                .withLabels(labels)
                .exec()
                .getId();
    }

    private String startRelay(String network) {
        AttachedContainer container = new AttachedContainer(
                image.name(),
                List.of("agent", "--relay"),
                Optional.empty(),
                labels,
                ContainerHost.of(network, Map.of(), false),
                line);
        relay = Optional.of(container);
        container.start();
        return Optional.ofNullable(container.getContainerInfo().getNetworkSettings())
                .map(settings -> settings.getNetworks().get(networkName()))
                .map(ContainerNetwork::getIpAddress)
                .orElseThrow(() -> new EvidenceMissing("the engine gave the relay no address in the tasks' network"));
    }

    @Override
    protected Optional<String> trouble() {
        return tasks().filter(SwarmCrew::isOver).findFirst().map(this::neverCame);
    }

    @Override
    protected String waiting() {
        return tasks().filter(task -> state(task) != TaskState.RUNNING)
                .map(this::text)
                .findFirst()
                .orElse("those missing run, but don't reach the relay; does the nodes' firewall let the swarm's ports"
                        + " through (UDP 4789, and 7946)?");
    }

    private String neverCame(Task task) {
        String text = "a task ended before it called: " + text(task);
        return text.contains("No such image") || text.contains("image not found")
                ? "%s. Bring the image to that node: docker save %s | ssh NODE docker load; or give --image a name that the nodes can pull"
                        .formatted(text, image.name())
                : text;
    }

    private Stream<Task> tasks() {
        return plan.posts().stream().flatMap(post -> tasks(post.role()).stream());
    }

    private List<Task> tasks(String role) {
        return Uninterruptibly.call(() ->
                client.listTasksCmd().withServiceFilter(plan.name(run, role)).exec());
    }

    private String text(Task task) {
        TaskStatus status = task.getStatus();
        String error = status == null || status.getErr() == null ? "" : ": " + status.getErr();
        return "task %d is %s%s"
                .formatted(
                        Objects.requireNonNullElse(task.getSlot(), 0),
                        String.valueOf(state(task)).toLowerCase(Locale.ROOT),
                        error);
    }

    private static boolean isOver(Task task) {
        return OVER.contains(state(task));
    }

    private static TaskState state(Task task) {
        return task.getStatus() == null || task.getStatus().getState() == null
                ? TaskState.NEW
                : task.getStatus().getState();
    }

    @Override
    protected Optional<String> end(Member lost) {
        return tasks(lost.hello().role()).stream()
                .filter(task -> Objects.equals(task.getSlot(), lost.hello().number()))
                .filter(SwarmCrew::isOver)
                .findFirst()
                .map(this::text);
    }

    private static EvidenceMissing refusal(String what, RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new EvidenceMissing(what + ": " + root.getMessage(), failure);
    }

    /** First hangs up, by which the tasks end; then removes what they were made of. */
    @Override
    protected void remove() {
        Uninterruptibly.call(() -> {
            relay.ifPresent(SwarmCrew::stop);
            new Leftovers(client).remove(run);
            return true;
        });
    }

    private static void stop(AttachedContainer container) {
        try {
            container.stop();
        } catch (DockerException gone) {
            // It removes itself.
        }
    }
}
