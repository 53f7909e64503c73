package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import java.util.List;
import java.util.stream.Stream;

/** Programs in the middle, before a backend that does something wrong. */
final class Relays {
    private static final int SOME = 8;
    static final int BEHIND = 8001;

    private Relays() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.of("haproxy before a backend that never closes", "eof-read-not-closed", habitat -> {
                            backend(habitat, "never_close");
                            haproxy(habitat);
                            habitat.pool(SOME, "end", "").waitFor();
                            habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                        })
                        .telling("at what it waits for (8 with 127.0.0.1:8001)"),
                Specimen.of("nginx that waits for a backend whose clients have left", "eof-not-read", habitat -> {
                            backend(habitat, "never_close");
                            habitat.server("nginx", "-e", "stderr", "-c", habitat.copy("proxy.conf"));
                            habitat.awaitListener(Role.SERVER, Habitat.PORT);
                            habitat.leaveUnanswered(SOME, HTTP, SOME);
                        })
                        .telling("at what it waits for (8 with 127.0.0.1:8001)"));
    }

    /** Passes on what comes to {@link #backend}. */
    static void haproxy(Habitat habitat) throws InterruptedException {
        habitat.start(Role.SERVER, List.of("haproxy", "-db", "-f", habitat.copy("haproxy.cfg")));
        habitat.awaitListener(Role.SERVER, Habitat.PORT);
    }

    /** Python's sockets and threads, behind the relay. */
    static void backend(Habitat habitat, String behaviour) throws InterruptedException {
        habitat.start(
                Role.SERVER,
                List.of("python3", ProgramFolder.program("threads.py"), Integer.toString(BEHIND), behaviour));
        habitat.awaitListener(Role.SERVER, BEHIND);
    }
}
