package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.kernel.sockets.TcpState;
import java.util.stream.Stream;

/** Programs that somebody else starts and ends: socket activation as systemd does it, and SIGTERM. */
final class Supervised {
    private static final int SOME = 8;

    private Supervised() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.healthy("a service that systemd-socket-activate has started", habitat -> {
                    activated(habitat, "serve");
                    habitat.pool(SOME, "keep", "question");
                    habitat.server().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.of("a socket-activated service that never comes to accept", "never-accepted", habitat -> {
                    activated(habitat, "ignore");
                    habitat.pool(SOME, "end", "").waitFor();
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }),
                Specimen.healthy("node that drains after SIGTERM", habitat -> {
                    Process node = habitat.node("echo");
                    habitat.pool(SOME, "use", "question");
                    habitat.awaitAnswers();
                    drain(habitat, node);
                }),
                Specimen.healthy("node that is killed before its clients have closed", habitat -> {
                    Process node = habitat.node("echo");
                    habitat.pool(SOME, "keep", "question");
                    habitat.awaitAnswers();
                    node.destroyForcibly();
                    habitat.server().haveExactly(SOME, FIN_WAIT2).within(PATIENCE);
                }),
                Specimen.of("node that drains what it never closes", "eof-read-not-closed", habitat -> {
                    Process node = habitat.node("never_close");
                    Process pool = habitat.pool(SOME, "keep", "");
                    habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                    drain(habitat, node);
                    pool.destroyForcibly();
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }));
    }

    /** Listens by systemd's own program, which starts the service at the first connection. */
    static Process activated(Habitat habitat, String behaviour) {
        return habitat.server(
                "systemd-socket-activate",
                "--listen=0.0.0.0:" + Habitat.PORT,
                "python3",
                ProgramFolder.program("activated.py"),
                behaviour);
    }

    private static void drain(Habitat habitat, Process server) throws Exception {
        Signals.send("TERM", server);
        habitat.server().haveExactly(0, TcpState.LISTEN).within(PATIENCE);
    }
}
