package io.tcplab.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.List;
import java.util.Map;

/**
 * Removes what labs that were killed have left behind: containers and networks with the lab's labels whose lab has ended.
 * Nothing else is touched, and nothing is pruned.
 */
final class Sweep {
    private Sweep() {}

    /** Looks once. What can't be removed now is left to the next lab. */
    static void of(DockerClient client) {
        List<String> labelled = List.of(Owner.RUN);
        client.listContainersCmd().withShowAll(true).withLabelFilter(labelled).exec().stream()
                .filter(container -> isLeftBehind(container.getLabels()))
                .forEach(container -> quietly(() -> client.removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec()));
        client.listNetworksCmd().withFilter("label", labelled).exec().stream()
                .filter(network -> isLeftBehind(network.getLabels()))
                .forEach(network ->
                        quietly(() -> client.removeNetworkCmd(network.getId()).exec()));
    }

    private static boolean isLeftBehind(Map<String, String> labels) {
        return Owner.of(labels).filter(Owner::isGone).isPresent();
    }

    private static void quietly(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException | ConflictException goneOrGoing) {
            // Another lab sweeps, too, or the engine is at it already.
        } catch (DockerException inUse) {
            // A network whose container is still going: its turn comes again.
        }
    }
}
