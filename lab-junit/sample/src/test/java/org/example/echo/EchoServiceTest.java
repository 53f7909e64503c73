package org.example.echo;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.junit.InCell;
import io.tcplab.junit.Role;
import io.tcplab.junit.Sysctl;
import io.tcplab.junit.TcpCell;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@InCell
class EchoServiceTest {
    private static final int PORT = 8080;

    @Test
    void closesWhatItsClientsHaveClosed(TcpCell cell) throws Exception {
        try (EchoService service = start(cell, false)) {
            for (int i = 0; i < 10; i++) {
                ask(cell);
            }
            assertThat(cell.server()).onPort(PORT).haveNone(CLOSE_WAIT).within(ofSeconds(5));
            assertThat(cell.client()).toPort(PORT).haveExactly(10, TIME_WAIT).within(ofSeconds(5));
        }
    }

    /** No more than eleven connections: what happens when a client's ports run out? */
    @Test
    @Sysctl(host = Role.CLIENT, name = "net.ipv4.ip_local_port_range", value = "50000 50010")
    void isReachedFromFewPorts(TcpCell cell) throws Exception {
        try (EchoService service = start(cell, false);
                Socket client = new Socket(cell.server().address(), PORT)) {
            assertThat(cell.server()).onPort(PORT).haveExactly(1, ESTABLISHED).within(ofSeconds(5));
            assertThat(client.getLocalPort()).isBetween(50_000, 50_010);
        }
    }

    /** The same as the first test, with a service that leaks: so that you see what a failure says. */
    @Test
    @Tag("fails-on-purpose")
    void leaksWithHalfClosureThatNobodyHandles(TcpCell cell) throws Exception {
        try (EchoService service = start(cell, true)) {
            for (int i = 0; i < 10; i++) {
                ask(cell);
            }
            assertThat(cell.server()).onPort(PORT).haveNone(CLOSE_WAIT).within(ofSeconds(2));
        }
    }

    private static EchoService start(TcpCell cell, boolean halfClosure) throws Exception {
        return cell.server().call(() -> EchoService.start(PORT, cell.server().threadFactory(), halfClosure));
    }

    /** Runs on the client's host, as all of a test does. */
    private static void ask(TcpCell cell) throws IOException {
        try (Socket client = new Socket(cell.server().address(), PORT)) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        }
    }
}
