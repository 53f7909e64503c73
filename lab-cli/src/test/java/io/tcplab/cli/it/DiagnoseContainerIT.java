package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code lab diagnose --container} and {@code lab check --container}, of a container that the lab hasn't started. */
@Tag("docker")
class DiagnoseContainerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PORT = 9000;
    private static final int CONNECTIONS = 3;

    @RegisterExtension
    final Docker docker = new Docker();

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void namesTheMistakeOfAServerInAContainer() throws Exception {
        String container = docker.start(
                List.of(), "server", "--behaviour", "never-close", "--bind", "0.0.0.0", "--port", String.valueOf(PORT));
        String address = Docker.inspect(container, "{{.NetworkSettings.IPAddress}}");
        await().atMost(PATIENCE).until(() -> Docker.logs(container).contains("listening on"));
        for (int i = 0; i < CONNECTIONS; i++) {
            assertThat(talked(address)).isTrue();
        }

        Program.Ended diagnosis = lab("diagnose", "--container", container, "--for", "2s");
        assertThat(diagnosis.code()).as(diagnosis.err()).isEqualTo(1);
        assertThat(diagnosis.out())
                .contains("eof-read-not-closed")
                .contains(CONNECTIONS + " CLOSE_WAIT")
                .contains("(java)");

        assertThat(lab("check", "--container", container, "--max", "CLOSE_WAIT=0", "--for", "1s")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void saysWhichContainersRunIfThereIsNoneOfThatName() throws Exception {
        String container = docker.start(List.of(), "server", "--port", String.valueOf(PORT));
        Program.Ended mistake = lab("diagnose", "--container", "nosuch", "--for", "1s");
        assertThat(mistake.code()).isEqualTo(64);
        String name = Docker.inspect(container, "{{.Name}}").substring(1);
        assertThat(mistake.err()).contains("no container is called nosuch").contains(name);
    }

    private Program.Ended lab(String... arguments) throws Exception {
        try (Program lab = Program.start(temporary, arguments)) {
            return lab.awaitEnd();
        }
    }

    /** A client that says something, hears it again, and closes. */
    private static boolean talked(String address) throws IOException {
        try (Socket client = new Socket(address, PORT)) {
            client.getOutputStream().write(1);
            return client.getInputStream().read() == 1;
        }
    }
}
