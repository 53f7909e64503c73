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
                Specimen.of("python threads that forget close()", cause, habitat -> {
                    habitat.threads("never_close");
                    leave(habitat);
                }),
                Specimen.of("asyncio without writer.close()", cause, habitat -> {
                    habitat.streams("never_close");
                    leave(habitat);
                }),
                Specimen.of("node with allowHalfOpen and no 'end' handler", cause, habitat -> {
                    habitat.node("never_close");
                    leave(habitat);
                }),
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
                Specimen.of("python threads that wait for something else", cause, habitat -> {
                    habitat.threads("block");
                    leave(habitat);
                }),
                Specimen.of("python thread that computes without end", cause, habitat -> {
                    habitat.threads("spin");
                    leave(habitat, 2);
                }),
                Specimen.of("asyncio with reading paused", cause, habitat -> {
                    habitat.streams("pause");
                    leave(habitat);
                }),
                Specimen.of("asyncio with a call that blocks its loop", cause, habitat -> {
                    habitat.streams("block_the_loop");
                    stopAfterAccepting(habitat);
                }),
                Specimen.of("node with reading paused", cause, habitat -> {
                    habitat.node("pause");
                    leave(habitat);
                }),
                Specimen.of("node that computes without end in a callback", cause, habitat -> {
                    habitat.node("spin");
                    stopAfterAccepting(habitat);
                }),
                Specimen.of("inetd with a service that reads nothing", cause, habitat -> {
                    habitat.inetd("exec sleep 1000");
                    leave(habitat);
                }),
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
                Specimen.of("python that never calls accept()", cause, habitat -> {
                    habitat.threads("never_accept");
                    leave(habitat);
                }),
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
                Specimen.of("python whose child inherits the descriptor", cause, habitat -> {
                    habitat.threads("leave_it_to_a_child");
                    leave(habitat);
                }),
                Specimen.of("node whose child inherits the descriptor", cause, habitat -> {
                    habitat.node("leave_it_to_a_child");
                    leave(habitat);
                }),
                Specimen.of("inetd whose service leaves something in the background", cause, habitat -> {
                    habitat.inetd("sleep 1000 & exec cat");
                    leave(habitat);
                }));
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
                Specimen.of("python threads slower than curl's patience", cause, habitat -> {
                    habitat.threads("close_late");
                    comeAndGo(habitat);
                }),
                Specimen.of("asyncio slower than curl's patience", cause, habitat -> {
                    habitat.streams("close_late");
                    comeAndGo(habitat);
                }),
                Specimen.of("node slower than curl's patience", cause, habitat -> {
                    habitat.node("close_late");
                    comeAndGo(habitat);
                }));
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

    /** Clients that give up after a moment, one after the other. */
    private static void comeAndGo(Habitat habitat) {
        habitat.forEver("curl -s -m 0.1 " + habitat.url("/"));
        habitat.server().haveAtLeast(2, CLOSE_WAIT).within(PATIENCE);
    }
}
