package io.tcplab.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.shaded.com.github.dockerjava.core.DefaultDockerClientConfig;
import org.testcontainers.shaded.com.github.dockerjava.core.DockerClientImpl;
import org.testcontainers.shaded.com.github.dockerjava.core.RemoteApiVersion;

/**
 * A client that speaks the engine's own version of the API. Testcontainers' one speaks 1.44, or 1.32 with an engine before that; and an engine
 * that is spoken to in an older version leaves out, without a word, what that version doesn't know: a service's capabilities before 1.41, tasks a
 * node before 1.40 (adjustForAPIVersion() in api/server/router/swarm/helpers.go of moby).
 */
final class EngineClient {
    /** What Testcontainers is tried with; a later one may mean something else by a field. */
    private static final RemoteApiVersion NEWEST = RemoteApiVersion.VERSION_1_44;

    private EngineClient() {}

    /**
     * To the engine that Testcontainers has found.
     *
     * @param engines the newest version that the engine speaks
     */
    static DockerClient speaking(String engines) {
        RemoteApiVersion own = RemoteApiVersion.parseConfig(engines);
        TransportConfig transport = DockerClientFactory.instance().getTransportConfig();
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(transport.getDockerHost().toString())
                        .withApiVersion(own.isGreaterOrEqual(NEWEST) ? NEWEST : own)
                        .build(),
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(transport.getDockerHost())
                        .sslConfig(transport.getSslConfig())
                        .build());
    }
}
