package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import java.util.List;
import java.util.stream.Stream;

/** The lab's own server, with each of its behaviours: the diagnosis has to name it. */
final class LabServers {
    private static final int SOME = 8;

    private LabServers() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                healthy("well-behaved", "use"),
                healthy("half-close-then-send:for=60s,bytes=8MiB", "half_close"),
                leaking("never-close", "eof-read-not-closed"),
                leaking("plain-netty:half-closure=true", "eof-read-not-closed"),
                deaf("never-read", "eof-not-read"),
                deaf("plain-netty:pauses=true", "eof-not-read", "--transport", "nio"),
                deaf("stop-accepting", "never-accepted"),
                // The one whose EOF was read is what the others wait for.
                leaking("block-before-close:for=1000s", "eof-not-read").with("eof-read-not-closed"),
                leaking("block-before-close:for=1000s,how=spin", "eof-not-read").with("eof-read-not-closed"),
                leaking("block-before-close:for=1000s,on=worker", "eof-read-not-closed"),
                Specimen.of("lab server, linger-zero", "resets", habitat -> {
                    start(habitat, "linger-zero");
                    habitat.forEver("curl -s " + habitat.url("/"));
                    habitat.awaitCounter(Role.SERVER, "TcpExtTCPAbortOnData", 3);
                }));
    }

    private static Specimen healthy(String behaviour, String client) {
        return Specimen.healthy("lab server, " + behaviour, habitat -> {
            start(habitat, behaviour);
            habitat.pool(SOME, client, "hello");
            habitat.server().haveAtLeast(SOME, ESTABLISHED, CLOSE_WAIT).within(PATIENCE);
        });
    }

    /** Clients get their answer, and close. */
    private static Specimen leaking(String behaviour, String cause) {
        return left(behaviour, cause, "end");
    }

    /** Clients get no answer, and close. */
    private static Specimen deaf(String behaviour, String cause, String... options) {
        return left(behaviour, cause, "send", options);
    }

    private static Specimen left(String behaviour, String cause, String client, String... options) {
        return Specimen.of("lab server, " + behaviour, cause, habitat -> {
            start(habitat, behaviour, options);
            habitat.pool(SOME, client, "hello").waitFor();
            habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
        });
    }

    /** Starts the lab's server with a behaviour. */
    static void start(Habitat habitat, String behaviour, String... options) {
        List<String> command = lab("server", "--port", Integer.toString(Habitat.PORT), "--behaviour", behaviour);
        command.addAll(List.of(options));
        habitat.server(command.toArray(String[]::new));
    }

    /** The lab as a program of its own. */
    static List<String> lab(String... arguments) {
        return JavaPrograms.command("io.tcplab.cli.Main", arguments);
    }
}
