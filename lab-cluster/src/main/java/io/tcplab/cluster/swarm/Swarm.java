package io.tcplab.cluster.swarm;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.SwarmInfo;
import com.github.dockerjava.api.model.SwarmNode;
import com.github.dockerjava.api.model.SwarmNodeAvailability;
import com.github.dockerjava.api.model.SwarmNodeState;
import io.tcplab.cluster.Cluster;
import io.tcplab.cluster.Crew;
import io.tcplab.cluster.CrewPlan;
import io.tcplab.cluster.NodeLabel;
import io.tcplab.containers.Engine;
import io.tcplab.containers.EngineMissing;
import io.tcplab.containers.LabImage;
import io.tcplab.containers.Owner;
import io.tcplab.containers.Uninterruptibly;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The swarm of the engine that DOCKER_HOST names, or of this machine's. */
public final class Swarm implements Cluster {
    private final String image;
    private final String run =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private Optional<Engine> engine = Optional.empty();

    /**
     * Not yet looked for.
     *
     * @param image of the tasks
     */
    public Swarm(String image) {
        this.image = image;
    }

    @Override
    public String name() {
        return "swarm";
    }

    @Override
    public String run() {
        return run;
    }

    @Override
    public Optional<String> problem(CrewPlan plan) {
        try {
            return Uninterruptibly.call(
                    () -> membership().or(this::imageProblem).or(() -> nodeProblem(plan)));
        } catch (EngineMissing e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> membership() {
        SwarmInfo swarm = engine().client().infoCmd().exec().getSwarm();
        LocalNodeState state = swarm == null || swarm.getLocalNodeState() == null
                ? LocalNodeState.INACTIVE
                : swarm.getLocalNodeState();
        return switch (state) {
            case ACTIVE ->
                Boolean.TRUE.equals(swarm == null ? null : swarm.getControlAvailable())
                        ? Optional.empty()
                        : Optional.of("this node is a worker, and only a manager can start services: name a manager by"
                                + " DOCKER_HOST, or `docker node promote` this one on a manager");
            case INACTIVE, EMPTY ->
                Optional.of("this engine is in no swarm. Make one with `docker swarm init` (if the machine has several"
                        + " addresses: --advertise-addr ADDRESS), and have other machines join it with the command"
                        + " that this prints");
            case LOCKED -> Optional.of("the swarm is locked: `docker swarm unlock`");
            case PENDING -> Optional.of("this engine is joining a swarm: wait until `docker node ls` lists it");
            case ERROR ->
                Optional.of("the swarm doesn't work: %s; `docker info` shows more"
                        .formatted(swarm == null ? "" : swarm.getError()));
        };
    }

    private Optional<String> imageProblem() {
        Optional<String> missing = Optional.of(
                "the engine has no image %s, and the lab doesn't pull it. Build it with scripts/image, or name another with --image"
                        .formatted(image));
        return engine().imageLabels(image)
                .map(labels -> LabImage.problem(image, labels))
                .orElse(missing);
    }

    private Optional<String> nodeProblem(CrewPlan plan) {
        return switch (plan) {
            case CrewPlan.ForStorm storm -> Optional.empty();
            case CrewPlan.ForComparison it -> {
                List<SwarmNode> meant = engine().client().listSwarmNodesCmd().exec().stream()
                        .filter(Swarm::takesTasks)
                        .filter(node ->
                                it.label().filter(label -> !has(node, label)).isEmpty())
                        .toList();
                yield meant.size() >= it.nodes() ? Optional.empty() : Optional.of(tooFew(it, meant.size()));
            }
        };
    }

    private static String tooFew(CrewPlan.ForComparison plan, int found) {
        String which = plan.label().map(label -> " with the label " + label).orElse("");
        String label = plan.label()
                .map(each -> ", label more (`docker node update --label-add %s NODE`)".formatted(each))
                .orElse("");
        String machines = switch (found) {
            case 0 -> "no machine%s that is ready and takes tasks";
            case 1 -> "only 1 machine%s that is ready and takes tasks";
            default -> "only " + found + " machines%s that are ready and take tasks";
        };
        return "--nodes %d: the swarm has %s (`docker node ls`). Have more machines join%s%s"
                .formatted(
                        plan.nodes(), machines.formatted(which), label, found == 0 ? "" : ", or give --nodes " + found);
    }

    private static boolean takesTasks(SwarmNode node) {
        return node.getStatus() != null
                && node.getStatus().getState() == SwarmNodeState.READY
                && node.getSpec() != null
                && node.getSpec().getAvailability() == SwarmNodeAvailability.ACTIVE;
    }

    private static boolean has(SwarmNode node, NodeLabel label) {
        var labels = node.getSpec() == null ? null : node.getSpec().getLabels();
        return labels != null && label.value().equals(labels.get(label.key()));
    }

    @Override
    public Crew start(CrewPlan plan) throws InterruptedException {
        SwarmCrew crew =
                new SwarmCrew(engine().speakingItsOwn(), run, Owner.self().labels(run), reference(), plan);
        try {
            crew.start();
            return crew;
        } catch (InterruptedException | RuntimeException e) {
            crew.close();
            throw e;
        }
    }

    /**
     * An id for an image that only has been built: Swarm doesn't try to pull those, and each node then has the same. What has come from a
     * registry goes by its name, so that the nodes pull it.
     */
    private Image reference() {
        var found = engine().client().inspectImageCmd(image).exec();
        List<String> digests = found.getRepoDigests();
        boolean pulled = digests != null && !digests.isEmpty();
        return new Image(image, pulled ? image : String.valueOf(found.getId()));
    }

    /**
     * An image.
     *
     * @param name as the user has it
     * @param forTasks as Swarm gets it
     */
    record Image(String name, String forTasks) {}

    @Override
    public List<String> clean() {
        return Uninterruptibly.call(() -> new Leftovers(engine().client()).sweep());
    }

    @Override
    public List<String> others() {
        return Uninterruptibly.call(() -> new Leftovers(engine().client()).others());
    }

    @Override
    public String removal(String other) {
        return "docker service rm " + other;
    }

    /** What removes services is a manager's API, and a task hasn't got it. */
    @Override
    public boolean removesByItself() {
        return false;
    }

    @Override
    public void remove(String ofRun) {
        Uninterruptibly.call(() -> {
            try {
                new Leftovers(engine().client()).remove(ofRun);
            } catch (NotFoundException gone) {
                return false;
            }
            return true;
        });
    }

    private synchronized Engine engine() {
        if (engine.isEmpty()) {
            engine = Optional.of(Engine.find());
        }
        return engine.get();
    }
}
