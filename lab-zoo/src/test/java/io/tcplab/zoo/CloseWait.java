package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;
import static io.tcplab.zoo.Habitat.PING;

import java.util.List;
import java.util.stream.Stream;

/** CLOSE_WAIT, by each of its causes. */
final class CloseWait {
    private static final int SOME = 8;

    private CloseWait() {}

    static Stream<Specimen> specimens() {
        return Stream.of(readAndNotClosed(), notRead(), notAccepted(), shared(), pools(), slow())
                .flatMap(List::stream);
    }

    private static List<Specimen> readAndNotClosed() {
        String cause = "eof-read-not-closed";
        return List.of(
                left("python threads that forget close()", cause, habitat -> habitat.threads("never_close")),
                left("asyncio without writer.close()", cause, habitat -> habitat.streams("never_close")),
                left("node with allowHalfOpen and no 'end' handler", cause, habitat -> habitat.node("never_close")),
                Specimen.of("python MPTCP server that forgets close()", cause, habitat -> {
                    habitat.script("python3", "mptcp.py", "serve");
                    habitat.client(
                            "python3",
                            ProgramFolder.program("mptcp.py"),
                            Integer.toString(Habitat.PORT),
                            "come",
                            habitat.address(),
                            Integer.toString(SOME));
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }),
                Specimen.of("inetd with a service that goes on after EOF", cause, habitat -> {
                    habitat.inetd("cat >/dev/null; exec sleep 1000");
                    leave(habitat);
                }));
    }

    private static List<Specimen> notRead() {
        String cause = "eof-not-read";
        return List.of(
                left("python threads that wait for something else", cause, habitat -> habitat.threads("block")),
                Specimen.of("python thread that computes without end", cause, habitat -> {
                    habitat.threads("spin");
                    leave(habitat, 2);
                }),
                left("asyncio with reading paused", cause, habitat -> habitat.streams("pause")),
                Specimen.of("asyncio with a call that blocks its loop", cause, habitat -> {
                    habitat.streams("block_the_loop");
                    stopAfterAccepting(habitat);
                }),
                left("node with reading paused", cause, habitat -> habitat.node("pause")),
                Specimen.of("node that computes without end in a callback", cause, habitat -> {
                    habitat.node("spin");
                    stopAfterAccepting(habitat);
                }),
                left("inetd with a service that reads nothing", cause, habitat -> habitat.inetd("exec sleep 1000")),
                Specimen.of("nginx that is stopped", cause, habitat -> {
                    Process nginx = habitat.nginx(60);
                    Process pool = habitat.pool(SOME, "keep", HTTP);
                    habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                    Signals.send("STOP", nginx);
                    pool.destroyForcibly();
                    habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                }));
    }

    private static List<Specimen> notAccepted() {
        String cause = "never-accepted";
        return List.of(
                left("python that never calls accept()", cause, habitat -> habitat.threads("never_accept")),
                Specimen.of("redis in a long command", cause, habitat -> {
                    habitat.redis();
                    habitat.client("redis-cli", "-h", habitat.address(), "-p", "8000", "DEBUG", "SLEEP", "1000");
                    habitat.server().haveExactly(1, ESTABLISHED).within(PATIENCE);
                    leave(habitat);
                }),
                Specimen.of("nginx whose worker is stopped", cause, habitat -> {
                    Signals.send("STOP", habitat.nginx(60));
                    leave(habitat);
                }));
    }

    private static List<Specimen> shared() {
        String cause = "shared-fd";
        return List.of(
                left(
                        "python whose child inherits the descriptor",
                        cause,
                        habitat -> habitat.threads("leave_it_to_a_child")),
                left("node whose child inherits the descriptor", cause, habitat -> habitat.node("leave_it_to_a_child")),
                left(
                        "inetd whose service leaves something in the background",
                        cause,
                        habitat -> habitat.inetd("sleep 1000 & exec cat")));
    }

    private static List<Specimen> pools() {
        String cause = "idle-pool";
        return List.of(
                Specimen.of("python pool towards nginx that closes idle connections", cause, habitat -> {
                            habitat.nginx(1);
                            habitat.pool(SOME, "keep", HTTP);
                            habitat.clients().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.of("python pool towards redis with a timeout", cause, habitat -> {
                            habitat.redis("--timeout", "1");
                            habitat.pool(SOME, "keep", PING);
                            habitat.clients().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                        })
                        .onClient(),
                // It reads what comes, the end of the stream, too.
                Specimen.of("node pool towards nginx that closes idle connections", "eof-read-not-closed", habitat -> {
                            habitat.nginx(1);
                            habitat.client(
                                    "node",
                                    ProgramFolder.program("pool.js"),
                                    habitat.address(),
                                    "8000",
                                    Integer.toString(SOME),
                                    HTTP);
                            habitat.clients().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
                        })
                        .onClient());
    }

    private static List<Specimen> slow() {
        String cause = "slow-close";
        return List.of(
                impatient(
                        "python threads slower than curl's patience", cause, habitat -> habitat.threads("close_late")),
                impatient("asyncio slower than curl's patience", cause, habitat -> habitat.streams("close_late")),
                impatient("node slower than curl's patience", cause, habitat -> habitat.node("close_late")));
    }

    /** A server whose clients come, and leave. */
    private static Specimen left(String name, String cause, Specimen.Setup start) {
        return Specimen.of(name, cause, habitat -> {
            start.in(habitat);
            leave(habitat);
        });
    }

    /** Some connections, each with a request, and all closed by the client. */
    private static void leave(Habitat habitat) throws InterruptedException {
        leave(habitat, SOME);
    }

    private static void leave(Habitat habitat, int number) throws InterruptedException {
        habitat.pool(number, "end", "").waitFor();
        habitat.server().haveExactly(number, CLOSE_WAIT).within(PATIENCE);
    }

    /** Once all are accepted, one asks for what stops the server, and gets an answer; then the others close. */
    private static void stopAfterAccepting(Habitat habitat) throws Exception {
        Process pool = habitat.pool(SOME, "keep", "");
        habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
        habitat.pool(1, "end", "!").waitFor();
        pool.destroyForcibly();
        habitat.server().haveExactly(SOME + 1, CLOSE_WAIT).within(PATIENCE);
    }

    /** A server whose clients give up too soon. */
    private static Specimen impatient(String name, String cause, Specimen.Setup start) {
        return Specimen.of(name, cause, habitat -> {
            start.in(habitat);
            comeAndGo(habitat);
        });
    }

    /** Clients that give up after a moment, one after the other. */
    private static void comeAndGo(Habitat habitat) {
        habitat.forEver("curl -s -m 0.1 " + habitat.url("/"));
        habitat.server().haveAtLeast(2, CLOSE_WAIT).within(PATIENCE);
    }
}
