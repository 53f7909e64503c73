package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plain sockets of this JVM in a namespace of their own, each with one mistake. */
@Tag("slow")
class JavaServersTest {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final int COUNT = 5;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Namespace namespace = Namespace.createWithOwnTable("diagnosed");
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        namespace.close();
    }

    @Test
    void whatWasReadToItsEndAndNotClosed() throws Exception {
        ServerSocket listener = listen();
        for (int i = 0; i < COUNT; i++) {
            Socket client = connect(listener);
            Socket accepted = keep(listener.accept());
            client.close();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(diagnose().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo("eof-read-not-closed");
            assertThat(finding.sockets()).isEqualTo(COUNT);
            assertThat(finding.state()).contains(TcpState.CLOSE_WAIT);
        });
    }

    @Test
    void whatWasNeverRead() throws Exception {
        ServerSocket listener = listen();
        for (int i = 0; i < COUNT; i++) {
            Socket client = connect(listener);
            keep(listener.accept());
            client.getOutputStream().write(new byte[100]);
            client.close();
        }
        assertFound("eof-not-read");
    }

    @Test
    void whatWasNeverAccepted() throws Exception {
        ServerSocket listener = listen();
        for (int i = 0; i < COUNT; i++) {
            connect(listener).close();
        }
        assertFound("never-accepted");
    }

    @Test
    void aPoolWhosePeerHasClosed() throws Exception {
        ServerSocket listener = listen();
        for (int i = 0; i < COUNT; i++) {
            connect(listener);
            listener.accept().close();
        }
        listener.close();
        assertFound("idle-pool");
    }

    @Test
    void openConnectionsAreNoFinding() throws Exception {
        ServerSocket listener = listen();
        for (int i = 0; i < COUNT; i++) {
            connect(listener);
            keep(listener.accept());
        }
        Diagnosis diagnosis = diagnose();
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.conclusive()).isTrue();
        assertThat(diagnosis.count(TcpState.ESTABLISHED)).isEqualTo(2 * COUNT);
        assertThat(diagnosis.text()).contains("nothing wrong here").contains("looked for: CLOSE_WAIT");
    }

    @Test
    void theLastLookIsACloseOneEvenWhereOneBeforeItOutlastsTheWindow() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Look look = Diagnostician.look(new Target.Inside(namespace), WINDOW, sample -> {
            if (looks.incrementAndGet() == 2) {
                spinUntil(sample.atNanos() + WINDOW.toNanos());
            }
        });
        assertThat(look.samples().getLast().settings().values()).isNotEmpty();
    }

    private void assertFound(String cause) throws InterruptedException {
        assertThat(diagnose().findings())
                .singleElement()
                .extracting(Finding::cause, Finding::sockets)
                .containsExactly(cause, COUNT);
    }

    private Diagnosis diagnose() throws InterruptedException {
        return Diagnostician.diagnose(new Target.Inside(namespace), WINDOW);
    }

    private static void spinUntil(long nanos) {
        while (System.nanoTime() < nanos) {
            Thread.onSpinWait();
        }
    }

    private ServerSocket listen() {
        ServerSocket listener = namespace.call(() -> new ServerSocket(0, 50, LOOPBACK));
        opened.add(listener);
        return listener;
    }

    private Socket connect(ServerSocket listener) {
        return keep(namespace.call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(LOOPBACK, listener.getLocalPort()));
            return socket;
        }));
    }

    private Socket keep(Socket socket) {
        opened.add(socket);
        return socket;
    }
}
