package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;
import static io.tcplab.zoo.Habitat.PING;

import io.tcplab.junit.Role;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Trouble when this side closes first. */
final class Closing {
    private static final int SOME = 8;

    /** So many orphans are more than clients that happen to be slow. */
    private static final int MANY = 12;

    private static final long ANSWER_MILLIS = 10_500;

    private Closing() {}

    static Stream<Specimen> specimens() {
        return Stream.of(portsExhausted(), timeWaitFull(), peerNeverCloses(), unanswered())
                .flatMap(List::stream);
    }

    private static List<Specimen> portsExhausted() {
        String cause = "ports-exhausted";
        return List.of(
                Specimen.of("curl that takes a port for each request", cause, habitat -> {
                            habitat.nginx(60);
                            fewPorts(habitat);
                            habitat.client(
                                    "sh",
                                    "-c",
                                    "for i in $(seq 95); do curl -s " + habitat.url("/hello") + " >/dev/null; done");
                            habitat.clients().haveAtLeast(90, TIME_WAIT).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.of("redis-benchmark without keep-alive", cause, habitat -> {
                            habitat.redis();
                            fewPorts(habitat);
                            redisBenchmark(habitat, "-k", "0", "-c", "1", "-n", "95", "-t", "ping_inline");
                            habitat.clients().haveAtLeast(90, TIME_WAIT).within(PATIENCE);
                        })
                        .onClient());
    }

    private static List<Specimen> timeWaitFull() {
        String cause = "time-wait-overflow";
        return List.of(
                Specimen.of("nginx that closes after each request of ab", cause, habitat -> {
                    fewTimeWaits(habitat);
                    habitat.nginx(60);
                    habitat.client("ab", "-q", "-c", "4", "-t", "60", "-n", "100000000", habitat.url("/hello"));
                    habitat.server().haveAtLeast(50, TIME_WAIT).within(PATIENCE);
                }),
                Specimen.of("python's http.server that closes after each request of curl", cause, habitat -> {
                    fewTimeWaits(habitat);
                    httpServer(habitat);
                    habitat.forEver("curl -s " + habitat.url("/"));
                    habitat.server().haveAtLeast(50, TIME_WAIT).within(PATIENCE);
                }));
    }

    /** Python's, which serves the folder. */
    static Process httpServer(Habitat habitat, String... options) {
        String folder = habitat.folder().toString();
        return habitat.server(Stream.concat(
                        Stream.of("python3", "-m", "http.server", "--directory", folder, "8000"), Stream.of(options))
                .toArray(String[]::new));
    }

    static Process redisBenchmark(Habitat habitat, String... options) {
        return habitat.client(
                Stream.concat(Stream.of("redis-benchmark", "-h", habitat.address(), "-p", "8000"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static List<Specimen> peerNeverCloses() {
        String cause = "peer-never-closes";
        return List.of(
                Specimen.of("python that has half-closed towards a server that never closes", cause, habitat -> {
                            habitat.node("never_close");
                            habitat.pool(SOME, "half_close", "");
                            habitat.await(Role.CLIENT, Closing::waitsForLong);
                        })
                        .onClient(),
                Specimen.of("socat that has half-closed towards a server that never closes", cause, habitat -> {
                            habitat.threads("never_close");
                            habitat.client(
                                    "sh", "-c", "socat -t1000 - TCP:%s:8000 </dev/null".formatted(habitat.address()));
                            habitat.await(Role.CLIENT, Closing::waitsForLong);
                        })
                        .onClient(),
                Specimen.of("nginx whose idle clients don't notice that it closes", cause, habitat -> {
                    habitat.nginx(1);
                    habitat.pool(MANY, "keep", HTTP);
                    habitat.server().haveExactly(MANY, FIN_WAIT2).within(PATIENCE);
                    habitat.await(Role.SERVER, Closing::waitsForLong);
                }));
    }

    /** FIN_WAIT_2 for longer than an answer, or of an orphan the peer's FIN, may take. */
    private static boolean waitsForLong(TcpSocket socket) {
        if (socket.state() != FIN_WAIT2) {
            return false;
        }
        return socket.info()
                .map(info -> info.require(TcpInfoField.LAST_ACK_RECV) > ANSWER_MILLIS)
                .orElse(socket.timer().expiresIn().compareTo(Duration.ofSeconds(54)) < 0);
    }

    private static List<Specimen> unanswered() {
        String cause = "fin-unanswered";
        return List.of(
                Specimen.of("nginx that closes idle connections to a host that is dark", cause, habitat -> {
                    habitat.nginx(5);
                    habitat.pool(SOME, "keep", HTTP);
                    closeInVain(habitat);
                }),
                Specimen.of("redis that closes idle connections to a host that is dark", cause, habitat -> {
                    habitat.redis("--timeout", "5");
                    habitat.pool(SOME, "keep", PING);
                    closeInVain(habitat);
                }));
    }

    private static void closeInVain(Habitat habitat) throws InterruptedException {
        habitat.awaitAnswers();
        habitat.cut(Role.SERVER);
        habitat.server().haveExactly(SOME, FIN_WAIT1).within(PATIENCE);
        habitat.clients().haveNone(CLOSE_WAIT).now();
        habitat.await(
                Role.SERVER,
                socket -> socket.state() == FIN_WAIT1 && socket.timer().retransmits() > 2);
    }

    private static void fewPorts(Habitat habitat) {
        habitat.cell().client().sysctl("net.ipv4.ip_local_port_range", "40000 40099");
    }

    private static void fewTimeWaits(Habitat habitat) {
        habitat.cell().server().sysctl("net.ipv4.tcp_max_tw_buckets", "60");
    }
}
