package io.tcplab.zoo;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.junit.ContainerSockets;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The lab's own server in a container, where it is another user's, seen from the side. */
@Tag("docker")
class ContainerZooTest {
    private static final int PORT = 9000;
    private static final int SOME = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({
        "never-close, eof-read-not-closed",
        "never-read, eof-not-read",
        "stop-accepting, never-accepted",
        "plain-netty:half-closure=true, eof-read-not-closed"
    })
    void itsBehaviourIsNamed(String behaviour, String cause) throws Exception {
        try (GenericContainer<?> server = start(behaviour);
                ContainerSockets sockets = ContainerSockets.of(server)) {
            visit(server, !cause.equals("eof-read-not-closed"));
            assertThat(sockets).onPort(PORT).haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
            assertThat(sockets.diagnosis(OptionalInt.of(PORT)))
                    .contains("1 finding\n")
                    .contains(cause + " (CLOSE_WAIT): " + SOME + " connections");
        }
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() throws Exception {
        try (GenericContainer<?> server = start("well-behaved");
                ContainerSockets sockets = ContainerSockets.of(server)) {
            visit(server, false);
            assertThat(sockets).onPort(PORT).haveNoConnections().within(PATIENCE);
            assertThat(sockets.diagnosis(OptionalInt.of(PORT))).contains("nothing wrong here");
        }
    }

    private static GenericContainer<?> start(String behaviour) {
        GenericContainer<?> server = new GenericContainer<>("tcplab/lab:dev")
                .withImagePullPolicy(image -> false)
                .withCommand("server", "--behaviour", behaviour, "--port", Integer.toString(PORT))
                .withExposedPorts(PORT)
                // Not by a connection, which would be one of those that are counted.
                .waitingFor(Wait.forLogMessage(".*listening on.*", 1));
        server.start();
        return server;
    }

    /** Each connection sends something; unless the server is deaf it waits for the answer; and then all close. */
    private static void visit(GenericContainer<?> server, boolean deaf) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            Socket socket = new Socket(server.getHost(), server.getMappedPort(PORT));
            open.add(socket);
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            if (!deaf) {
                assertThat(socket.getInputStream().readNBytes(5)).hasSize(5);
            }
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
