package io.tcplab.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Info;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/**
 * Docker's engine, as Testcontainers finds it: DOCKER_HOST, Docker's contexts, the usual sockets.
 *
 * @param version the engine's
 * @param api the version of its API that is spoken
 * @param kernel the release of the kernel that its containers have
 */
public record Engine(DockerClient client, String version, String api, String kernel) {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final String HOST = "DOCKER_HOST";
    private static final String RYUK_SWITCH = "TESTCONTAINERS_RYUK_DISABLED";

    /** Looks for it; throws {@link EngineMissing}. */
    public static Engine find() {
        return Uninterruptibly.call(() -> {
            try {
                DockerClient client = DockerClientFactory.instance().client();
                requireTheOneThatWasNamed();
                Info info = client.infoCmd().exec();
                return new Engine(
                        client,
                        String.valueOf(info.getServerVersion()),
                        String.valueOf(client.versionCmd().exec().getApiVersion()),
                        String.valueOf(info.getKernelVersion()));
            } catch (RuntimeException e) {
                throw new EngineMissing(reason(e), e);
            }
        });
    }

    /** Another client, which speaks the engine's own version: see {@link EngineClient}. */
    public DockerClient speakingItsOwn() {
        return EngineClient.speaking(api);
    }

    /** The labels of an image; empty if the engine doesn't have it. */
    public Optional<Map<String, String>> imageLabels(String image) {
        return Uninterruptibly.call(() -> {
            try {
                var config = client.inspectImageCmd(image).exec().getConfig();
                return Optional.of(
                        config == null || config.getLabels() == null ? Map.<String, String>of() : config.getLabels());
            } catch (NotFoundException e) {
                return Optional.<Map<String, String>>empty();
            }
        });
    }

    /** Where the one of DOCKER_HOST doesn't answer Testcontainers takes another: not what the user meant. */
    private static void requireTheOneThatWasNamed() {
        String named = System.getenv(HOST);
        URI found = DockerClientFactory.instance().getTransportConfig().getDockerHost();
        if (named != null && !named.isBlank() && !sameHost(URI.create(named), found)) {
            throw new IllegalStateException("only the one at " + found + " does");
        }
    }

    /** Testcontainers turns tcp:// into http:// or https://, and counts slashes as it likes. */
    private static boolean sameHost(URI one, URI other) {
        return String.valueOf(one.getHost()).equals(String.valueOf(other.getHost()))
                && String.valueOf(one.getPath()).equals(String.valueOf(other.getPath()));
    }

    private static String reason(RuntimeException failure) {
        if (messages(failure).contains("testcontainers/ryuk")) {
            return "Testcontainers' cleanup container isn't available: its image is missing."
                    + " The lab's containers end without it: export " + RYUK_SWITCH + "=true";
        }
        String host = System.getenv(HOST);
        if (host != null && !host.isBlank()) {
            return "no Docker engine answers at DOCKER_HOST, %s (%s). Start it, or fix DOCKER_HOST"
                    .formatted(host, rootMessage(failure));
        }
        if (!Files.exists(SOCKET)) {
            return "there is no Docker engine: %s doesn't exist. Install one (apt-get install docker.io, or Docker Desktop)"
                            .formatted(SOCKET)
                    + " and start it: sudo systemctl start docker (without systemd: sudo dockerd)";
        }
        if (!Files.isWritable(SOCKET)) {
            String user = System.getProperty("user.name");
            return "%s may not use Docker's socket, %s. Run as root, or once: sudo usermod -aG docker %s, and log in again"
                    .formatted(user, SOCKET, user);
        }
        return "no Docker engine answers at %s. Start it: sudo systemctl start docker (without systemd: sudo dockerd) (%s)"
                .formatted(SOCKET, rootMessage(failure));
    }

    private static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable one = failure; one != null; one = one.getCause()) {
            all.append(one.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
