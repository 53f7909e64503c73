package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tomcat, the JDK's HttpClient, and Apache's. */
final class JavaPrograms {
    private static final int SOME = 8;
    private static final String WAIT = "GET /wait HTTP/1.1\\r\\nHost: zoo\\r\\n\\r\\n";

    /** More than HttpClient 5 keeps in memory for somebody who reads nothing, and less than sockets take. */
    private static final int ANSWER = 40_000;

    /**
     * The JDK's client reads ahead once, what has come by then, and at most three buffers of 16 KiB (jdk.internal.net.http.SocketTube):
     * of an answer of no more than that nothing is left in the kernel if all of it came before the client got to read. The sockets take
     * all of this one, so that the server is done with it.
     */
    private static final int MORE_THAN_READ_AHEAD = 2 * 3 * 16_384;

    private JavaPrograms() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.of("tomcat whose threads wait for a lock", "eof-not-read", habitat -> {
                    tomcat(habitat);
                    habitat.leaveUnanswered(SOME, WAIT, SOME);
                }),
                Specimen.of("the JDK's HttpClient whose answers nobody reads", "connections-growing", habitat -> {
                            habitat.write("answer", "x".repeat(MORE_THAN_READ_AHEAD));
                            habitat.nginx(60);
                            client(habitat, "jdk_body_left_open", "/answer");
                            habitat.clients().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                            habitat.await(Role.CLIENT, Flowing::isLeftUnread);
                        })
                        .with("not-reading")
                        .onClient(),
                Specimen.of("HttpClient 5 whose responses nobody closes", "pool-exhausted", habitat -> {
                            habitat.write("answer", "x".repeat(ANSWER));
                            habitat.nginx(1);
                            client(habitat, "apache_response_left_open", "/answer");
                            habitat.clients().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.of("a JDK's HttpClient for each request", "connections-growing", habitat -> {
                            habitat.nginx(60);
                            client(habitat, "jdk_client_per_request", "/hello");
                            habitat.clients().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                        })
                        .onClient());
    }

    static Process tomcat(Habitat habitat) {
        return habitat.server(command(TomcatServer.class.getName(), Integer.toString(Habitat.PORT))
                .toArray(String[]::new));
    }

    static Process client(Habitat habitat, String behaviour, String path) {
        return habitat.client(command(JavaClient.class.getName(), behaviour, habitat.url(path))
                .toArray(String[]::new));
    }

    /** A program of this class path in a JVM of its own. */
    static List<String> command(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return command;
    }
}
