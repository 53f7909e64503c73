package io.tcplab.junit;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs in a cell. */
class ProgramsTest {
    private static final String LISTENER =
            "import socket, os; s = socket.create_server(('', 8000)); os.fork(); s.accept()";

    @Test
    void belongToTheHostAndEndWithItChildrenAndAll() throws Exception {
        Process program;
        List<ProcessHandle> family;
        try (TcpCell cell = TcpCell.open()) {
            program = cell.server().start("python3", "-c", LISTENER);
            assertThat(cell.server()).onPort(8000).haveExactly(1, LISTEN).within(ofSeconds(20));
            assertThat(cell.client()).onPort(8000).haveNone(LISTEN).now();
            family = program.descendants().toList();
            assertThat(family).isNotEmpty();
        }
        assertThat(program.isAlive()).isFalse();
        for (ProcessHandle each : family) {
            each.onExit().get();
        }
    }

    @Test
    void outputAndExitStatusAreTheProgramsOwn() throws Exception {
        try (TcpCell cell = TcpCell.open()) {
            Process program = cell.client().start(new ProcessBuilder("sh", "-c", "echo hello; exit 3"));
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(program.waitFor()).isEqualTo(3);
            assertThat(output).isEqualTo("hello\n");
        }
    }
}
