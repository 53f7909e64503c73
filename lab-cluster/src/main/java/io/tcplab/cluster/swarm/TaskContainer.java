package io.tcplab.cluster.swarm;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.ContainerSpec;
import java.util.List;

/**
 * What Swarm grants a task's container: no capability but those with which the image's entrypoint gives up root. docker-java
 * doesn't have these fields; they are the engine's since API 1.41 (Docker 20.10). Memory and descriptors are as each engine has
 * them: a storm is to be large.
 */
final class TaskContainer extends ContainerSpec {
    private static final long serialVersionUID = 1;

    @JsonProperty("CapabilityDrop")
    List<String> capabilityDrop() {
        return List.of("ALL");
    }

    @JsonProperty("CapabilityAdd")
    List<String> capabilityAdd() {
        return List.of("CAP_SETUID", "CAP_SETGID");
    }
}
