package io.tcplab.cluster.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Service;
import io.tcplab.containers.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** What there is in a swarm that has the label of a run: services, their tasks' containers on this node, the relay, the network. */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** What a killed coordinator had asked for may come into being a moment later. */
    private static final int EMPTY_LOOKS = 2;

    private final DockerClient client;

    Leftovers(DockerClient client) {
        this.client = client;
    }

    /** Removes all of a run; returns when nothing of it is left on this node, or after a minute. */
    void remove(String run) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int empty = 0; empty < EMPTY_LOOKS && System.nanoTime() < deadline; ) {
            empty = removeOnce(run) ? empty + 1 : 0;
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    /** Of runs whose coordinator has ended; says what it removed. */
    List<String> sweep() {
        Map<String, String> namesByRun = new TreeMap<>();
        networks(Owner.RUN).stream()
                .filter(network -> isLeftBehind(network.getLabels()))
                .forEach(network -> namesByRun.put(network.getLabels().get(Owner.RUN), network.getName()));
        services(Owner.RUN).stream()
                .filter(service -> isLeftBehind(labels(service)))
                .forEach(service -> namesByRun.merge(
                        String.valueOf(labels(service).get(Owner.RUN)),
                        name(service),
                        (one, other) -> one + ", " + other));
        namesByRun.keySet().forEach(this::remove);
        return List.copyOf(namesByRun.values());
    }

    /** Services of runs whose coordinator may still be at work. */
    List<String> others() {
        return services(Owner.RUN).stream()
                .filter(service -> !isLeftBehind(labels(service)))
                .map(Leftovers::name)
                .toList();
    }

    private static boolean isLeftBehind(Map<String, String> labels) {
        return labels != null && Owner.of(labels).filter(Owner::isGone).isPresent();
    }

    /** Whether there was nothing. */
    private boolean removeOnce(String run) {
        String label = Owner.RUN + "=" + run;
        List<Service> services = services(label);
        services.forEach(service ->
                quietly(() -> client.removeServiceCmd(service.getId()).exec()));
        List<Container> containers = client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec();
        List<Network> networks = networks(label);
        // Tasks' containers go by themselves when their service is gone; the relay when its coordinator is.
        if (services.isEmpty() && containers.isEmpty()) {
            networks.forEach(network ->
                    quietly(() -> client.removeNetworkCmd(network.getId()).exec()));
        }
        return services.isEmpty() && containers.isEmpty() && networks.isEmpty();
    }

    private List<Service> services(String label) {
        String[] pair = label.split("=", 2);
        // docker-java's filter knows only pairs; a label with any value is looked for here.
        return client.listServicesCmd().exec().stream()
                .filter(service -> pair.length == 2
                        ? pair[1].equals(labels(service).get(pair[0]))
                        : labels(service).containsKey(label))
                .toList();
    }

    private List<Network> networks(String label) {
        return client.listNetworksCmd().withFilter("label", List.of(label)).exec().stream()
                .filter(network -> "overlay".equals(network.getDriver()))
                .toList();
    }

    private static Map<String, String> labels(Service service) {
        return service.getSpec() == null || service.getSpec().getLabels() == null
                ? Map.of()
                : service.getSpec().getLabels();
    }

    private static String name(Service service) {
        return service.getSpec() == null
                ? String.valueOf(service.getId())
                : String.valueOf(service.getSpec().getName());
    }

    private static void quietly(Runnable removal) {
        try {
            removal.run();
        } catch (DockerException inUse) {
            // Or gone already, by another's hand: the next look shows.
        }
    }
}
