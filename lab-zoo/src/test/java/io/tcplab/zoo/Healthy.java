package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;
import static io.tcplab.zoo.Habitat.PING;

import java.util.List;
import java.util.stream.Stream;

/** Programs that do nothing wrong, some of which look as if. */
final class Healthy {
    private static final int SOME = 8;

    private Healthy() {}

    static Stream<Specimen> specimens() {
        return Stream.of(idle(), busy(), slow(), halfClosed()).flatMap(List::stream);
    }

    private static List<Specimen> idle() {
        return List.of(
                Specimen.healthy("nginx without a client", habitat -> habitat.nginx(60)),
                Specimen.healthy("nginx with an idle keep-alive pool", habitat -> {
                    habitat.nginx(60);
                    habitat.pool(SOME, "keep", HTTP);
                    habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.healthy("redis with an idle pool, seen from its client", habitat -> {
                            habitat.redis();
                            habitat.pool(SOME, "keep", PING);
                            habitat.clients().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.healthy("node with connections that say nothing", habitat -> {
                    habitat.node("echo");
                    habitat.pool(SOME, "keep", "");
                    habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                }));
    }

    private static List<Specimen> busy() {
        return List.of(
                Specimen.healthy("nginx busy with ab -k", habitat -> {
                    habitat.nginx(60);
                    habitat.client(
                            "nice",
                            "-n",
                            "10",
                            "ab",
                            "-q",
                            "-k",
                            "-c",
                            "8",
                            "-t",
                            "60",
                            "-n",
                            "100000000",
                            habitat.url("/hello"));
                    habitat.server().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.healthy("nginx and clients that come one after the other", habitat -> {
                    habitat.nginx(60);
                    habitat.forEver("curl -s " + habitat.url("/hello"));
                    habitat.clients().haveAtLeast(2, TIME_WAIT).within(PATIENCE);
                }),
                Specimen.healthy("redis busy with redis-benchmark", habitat -> {
                    habitat.redis();
                    Closing.redisBenchmark(habitat, "-c", "8", "-q", "-l", "-t", "ping");
                    habitat.server().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.healthy("python's http.server with a connection for each request", habitat -> {
                    Closing.httpServer(habitat, "--protocol", "HTTP/1.0");
                    habitat.forEver("curl -s " + habitat.url("/"));
                    habitat.server().haveAtLeast(2, TIME_WAIT).within(PATIENCE);
                }),
                Specimen.healthy("inetd that echoes", habitat -> {
                    habitat.inetd("exec cat");
                    habitat.pool(SOME, "use", "hello");
                    habitat.server().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.healthy("asyncio with a pool in use", habitat -> {
                    habitat.streams("echo");
                    habitat.pool(SOME, "use", "hello");
                    habitat.server().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                }));
    }

    private static List<Specimen> slow() {
        return List.of(
                Specimen.healthy("nginx and a client that reads slowly", habitat -> {
                    habitat.large("file");
                    habitat.nginx(60);
                    habitat.client("curl", "-s", "--limit-rate", "100k", "-o", "/dev/null", habitat.url("/file"));
                    habitat.server().haveAtLeast(1, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.healthy("python threads and a client that sends slowly", habitat -> {
                    habitat.threads("echo");
                    habitat.client(
                            "sh",
                            "-c",
                            "while :; do echo x; sleep 0.3; done | socat - TCP:%s:8000".formatted(habitat.address()));
                    habitat.server().haveExactly(1, ESTABLISHED).within(PATIENCE);
                }));
    }

    private static List<Specimen> halfClosed() {
        return List.of(
                Specimen.healthy("python threads that answer a client which has half-closed", habitat -> {
                    habitat.threads("answer_slowly_after_eof");
                    habitat.pool(SOME, "half_close", "");
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }),
                Specimen.healthy("inetd that answers a client which has half-closed", habitat -> {
                    habitat.inetd("cat >/dev/null; while :; do echo answer; sleep 0.1; done");
                    habitat.pool(2, "half_close", "");
                    habitat.server().haveExactly(2, CLOSE_WAIT).within(PATIENCE);
                }));
    }
}
