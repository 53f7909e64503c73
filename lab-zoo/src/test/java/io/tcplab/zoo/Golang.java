package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Go's net and net/http, whose poller is edge-triggered. */
final class Golang {
    private static final int SOME = 8;
    private static final String ANYWHERE = "0.0.0.0:" + Habitat.PORT;

    private Golang() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.of("go handlers that wait for a lock", "eof-read-not-closed", habitat -> {
                    server(habitat, "serve_locked");
                    habitat.leaveUnanswered(SOME, HTTP, SOME);
                }),
                Specimen.of("go that waits for a lock before it reads", "eof-not-read", habitat -> {
                    server(habitat, "lines_locked");
                    habitat.pool(SOME, "send", "question").waitFor();
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }),
                Specimen.of("go client that leaves Body open", "connections-growing", habitat -> {
                            habitat.nginx(60);
                            client(habitat, "leave_body_open");
                            habitat.clients().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.of("go client with a Transport for each request", "connections-growing", habitat -> {
                            habitat.nginx(60);
                            client(habitat, "transport_per_request");
                            habitat.clients().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                        })
                        .onClient());
    }

    /** Starts a behaviour that listens. */
    static Process server(Habitat habitat, String behaviour) {
        return habitat.server(program(), behaviour, ANYWHERE);
    }

    /** Starts a behaviour that asks the server, again and again. */
    static Process client(Habitat habitat, String behaviour) {
        return habitat.client(program(), behaviour, habitat.url("/hello"));
    }

    private static String program() {
        return Build.PROGRAM.toString();
    }

    /** One build for all. */
    private static final class Build {
        private static final Path PROGRAM = build();

        private Build() {}

        private static Path build() {
            Path target = Path.of("target").toAbsolutePath();
            Path program = target.resolve("zoo-go");
            ProcessBuilder go =
                    new ProcessBuilder("go", "build", "-o", program.toString(), ProgramFolder.program("go/zoo.go"));
            go.environment().put("CGO_ENABLED", "0");
            go.environment().put("GOCACHE", target.resolve("go-cache").toString());
            try {
                int code = go.inheritIO().start().waitFor();
                if (code != 0) {
                    throw new AssertionError(go.command() + " ended with " + code);
                }
                return program;
            } catch (IOException e) {
                throw new AssertionError("no Go here: the package golang-go has it", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
