package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The lab's own server under each behaviour, diagnosed from outside: the diagnosis names the behaviour. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class DiagnosedBehavioursIT {
    private static final Duration WINDOW = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int COUNT = 5;
    private static final byte[] REQUEST = new byte[64];

    @TempDir
    private Path temporary = Path.of("");

    /** Of its own: a diagnosis counts what happens to all that is in a namespace. */
    private final Namespace namespace = Namespace.createWithOwnTable("behaviour");

    private final List<Socket> kept = new ArrayList<>();

    @Test
    void aWellBehavedServerHasNoFinding() throws Exception {
        assertThat(diagnosed("well-behaved", "epoll", port -> {
                    exchange(port);
                    keep(connect(port));
                }))
                .isEmpty();
    }

    @Test
    void aHalfClosedClientThatIsAnsweredSlowlyIsNoFinding() throws Exception {
        assertThat(diagnosed("half-close-then-send:for=20s", "epoll", port -> {
                    Socket socket = keep(connect(port));
                    write(socket);
                    run(socket::shutdownOutput);
                }))
                .isEmpty();
    }

    @Test
    void neverClose() throws Exception {
        assertThat(diagnosed("never-close", "epoll", this::exchange)).containsExactly("eof-read-not-closed");
    }

    @Test
    void halfClosureThatNobodyHandles() throws Exception {
        assertThat(diagnosed("plain-netty:half-closure=true", "nio", this::exchange))
                .containsExactly("eof-read-not-closed");
    }

    @Test
    void neverRead() throws Exception {
        assertThat(diagnosed("never-read", "epoll", this::sendAndClose)).containsExactly("eof-not-read");
    }

    @Test
    void autoReadOff() throws Exception {
        Diagnosis diagnosis = diagnosis("plain-netty:pauses=true", "nio", this::sendAndClose);
        assertThat(causes(diagnosis)).containsExactly("eof-not-read");
        assertThat(diagnosis.findings().getFirst().title()).as(diagnosis.text()).contains("doesn't ask for its data");
    }

    @Test
    void blockedBeforeClose() throws Exception {
        try (Program server = server("block-before-close:at=first-read", "epoll")) {
            int port = ProgramsIT.port(server);
            List<Socket> sockets =
                    Stream.generate(() -> connect(port)).limit(COUNT).toList();
            // The loop that the first request blocks accepts, too: what comes after that nobody accepts.
            awaitAccepted(port);
            sockets.forEach(DiagnosedBehavioursIT::sendAndClose);
            Diagnosis diagnosis = diagnose(server);
            assertThat(causes(diagnosis)).contains("eof-not-read");
            assertThat(diagnosis.text()).contains("blocked");
        }
    }

    @Test
    void stopAccepting() throws Exception {
        assertThat(diagnosed("stop-accepting", "epoll", this::sendAndClose)).contains("never-accepted");
    }

    /** Under load: a few connections might all be gone by the first look of a busy machine. What counts as late is half the window. */
    @Test
    void slowResponse() throws Exception {
        assertThat(diagnosedUnderLoad("slow-response:delay=3s", this::sendAndClose))
                .containsExactly("slow-close");
    }

    @Test
    void lingerZero() throws Exception {
        assertThat(diagnosedUnderLoad("linger-zero", this::exchange)).contains("resets");
    }

    private List<String> diagnosed(String behaviour, String transport, Consumer<Integer> client) throws Exception {
        return causes(diagnosis(behaviour, transport, client));
    }

    private Diagnosis diagnosis(String behaviour, String transport, Consumer<Integer> client) throws Exception {
        try (Program server = server(behaviour, transport)) {
            int port = ProgramsIT.port(server);
            for (int i = 0; i < COUNT; i++) {
                client.accept(port);
            }
            return diagnose(server);
        }
    }

    private List<String> diagnosedUnderLoad(String behaviour, Consumer<Integer> client) throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        try (Program server = server(behaviour, "epoll")) {
            int port = ProgramsIT.port(server);
            Thread load = Thread.ofPlatform().start(() -> {
                do {
                    client.accept(port);
                } while (!awaited(enough));
            });
            Diagnosis diagnosis = diagnose(server);
            enough.countDown();
            load.join();
            return causes(diagnosis);
        }
    }

    private Program server(String behaviour, String transport) throws Exception {
        return namespace.call(() -> Program.start(
                temporary, "server", "--bind", "127.0.0.1", "--behaviour", behaviour, "--transport", transport));
    }

    private static Diagnosis diagnose(Program server) throws InterruptedException {
        return Diagnostician.diagnose(new Target.OfProcess(Math.toIntExact(server.pid())), WINDOW);
    }

    private void awaitAccepted(int port) {
        SocketQuery query = SocketQuery.ofStates(TcpState.ESTABLISHED).withLocalPort(port);
        try (SockDiag diag = SockDiag.open(namespace)) {
            await().atMost(PATIENCE)
                    .until(() -> diag.census(query).sockets().stream()
                                    .filter(TcpSocket::hasOwner)
                                    .count()
                            == COUNT);
        }
    }

    private static List<String> causes(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::cause).toList();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Reads the answer, as far as one comes, and closes. */
    private void exchange(int port) {
        run(() -> {
            try (Socket socket = connect(port)) {
                write(socket);
                assertThat(socket.getInputStream().readNBytes(REQUEST.length)).hasSizeLessThanOrEqualTo(REQUEST.length);
            } catch (java.net.SocketException reset) {
                // is what some behaviours are about
            }
        });
    }

    private void sendAndClose(int port) {
        sendAndClose(connect(port));
    }

    private static void sendAndClose(Socket socket) {
        run(() -> {
            write(socket);
            socket.close();
        });
    }

    private Socket keep(Socket socket) {
        kept.add(socket);
        return socket;
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : kept) {
            socket.close();
        }
        namespace.close();
    }

    private Socket connect(int port) {
        return namespace.call(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    private static void write(Socket socket) {
        run(() -> socket.getOutputStream().write(REQUEST));
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }
}
