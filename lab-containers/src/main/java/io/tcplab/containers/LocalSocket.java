package io.tcplab.containers;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * Finds the engine behind its usual socket, as the docker command does. So does Testcontainers itself; but it then writes to
 * {@code ~/.testcontainers.properties} how it found it, and the lab leaves nothing behind. DOCKER_HOST and what the user
 * has written to that file still go first. Testcontainers finds this class as a service.
 */
public final class LocalSocket extends DockerClientProviderStrategy {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    /** After DOCKER_HOST, which has 100, and before whatever else Testcontainers looks for. */
    private static final int PRIORITY = 99;

    @Override
    public String getDescription() {
        return SOCKET.toString();
    }

    @Override
    public TransportConfig getTransportConfig() {
        return TransportConfig.builder()
                .dockerHost(URI.create("unix://" + SOCKET))
                .build();
    }

    @Override
    protected boolean isApplicable() {
        return Files.exists(SOCKET);
    }

    @Override
    protected boolean isPersistable() {
        return false;
    }

    @Override
    protected int getPriority() {
        return PRIORITY;
    }
}
