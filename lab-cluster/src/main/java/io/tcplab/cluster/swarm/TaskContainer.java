package io.tcplab.cluster.swarm;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.ContainerSpec;
import io.tcplab.cluster.CrewPlan;
import java.util.List;

/**
 * What Swarm grants a task's container. In a storm no capability but those with which the image's entrypoint gives up root; in a comparison
 * those for cells. docker-java doesn't have these fields; they are the engine's since API 1.41 (Docker 20.10). Memory and descriptors are as
 * each engine has them: a storm is to be large.
 */
final class TaskContainer extends ContainerSpec {
    private static final long serialVersionUID = 1;

    @JsonIgnore
    private final List<String> capabilities;

    TaskContainer(CrewPlan plan) {
        capabilities = switch (plan) {
            case CrewPlan.ForStorm storm -> List.of("CAP_SETUID", "CAP_SETGID");
            case CrewPlan.ForComparison comparison ->
                CrewPlan.ForComparison.CAPABILITIES.stream()
                        .map(name -> "CAP_" + name)
                        .toList();
        };
    }

    @JsonProperty("CapabilityDrop")
    List<String> capabilityDrop() {
        return List.of("ALL");
    }

    @JsonProperty("CapabilityAdd")
    List<String> capabilityAdd() {
        return capabilities;
    }
}
