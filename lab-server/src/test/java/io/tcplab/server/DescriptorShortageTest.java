package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code accept(2)} fails with EMFILE: the server rests instead of spinning, and goes on when there are descriptors
 * again.
 */
@ParameterizedClass
@EnumSource
@Tag("slow")
class DescriptorShortageTest {
    private static final int DESCRIPTORS = 320; // some hundred of them are jars
    private static final int CONNECTIONS = 360;

    private final Transport transport;
    private final List<Socket> peers = new ArrayList<>();
    private Process process;
    private BufferedReader output;
    private PrintWriter input;
    private int port;

    DescriptorShortageTest(Transport transport) {
        this.transport = transport;
    }

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShortServer.class.getName(),
                        transport.label())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        port = Integer.parseInt(output.readLine());
    }

    @AfterEach
    void stop() throws Exception {
        input.close();
        for (Socket peer : peers) {
            peer.close();
        }
        try {
            assertThat(process.waitFor(Bench.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void restsAndGoesOn() throws IOException {
        long startedAt = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            peers.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        await().atMost(Bench.DEADLINE).until(() -> failures() >= 3);
        assertThat(owned()).isPositive().isLessThan(CONNECTIONS);

        List<Socket> leaving = peers.subList(0, CONNECTIONS / 2);
        for (Socket peer : leaving) {
            peer.close();
        }
        for (Socket peer : peers.subList(CONNECTIONS / 2, CONNECTIONS)) {
            Bench.echo(peer, 'x');
        }
        // It tries ten times a second; spinning would make it many thousands.
        long seconds = 1 + Duration.ofNanos(System.nanoTime() - startedAt).toSeconds();
        assertThat(failures()).isLessThan(20 * seconds);
    }

    private long failures() throws IOException {
        input.println();
        return Long.parseLong(output.readLine());
    }

    private long owned() {
        try (SockDiag diag = SockDiag.open(Namespace.current())) {
            SocketQuery query = SocketQuery.ofStates(TcpState.ESTABLISHED).withLocalPort(port);
            return diag.census(query).sockets().stream()
                    .filter(TcpSocket::hasOwner)
                    .count();
        }
    }
}
