package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import java.util.List;
import java.util.stream.Stream;

/** Trouble with connections that are open. */
final class Flowing {
    private static final int SOME = 8;

    /** The diagnosis gives a reader that pauses so long, and a little. */
    private static final long UNREAD_MILLIS = 5_500;

    /** The diagnosis gives a peer half a minute. */
    private static final long STALLED_MILLIS = 30_000;

    private Flowing() {}

    static Stream<Specimen> specimens() {
        // The slow ones first, so that the others run meanwhile.
        return Stream.of(zeroWindow(), notReading(), halfOpen(), resets(), descriptors())
                .flatMap(List::stream);
    }

    private static List<Specimen> notReading() {
        String cause = "not-reading";
        return List.of(
                Specimen.of("python threads that leave what came", cause, habitat -> {
                    habitat.threads("block");
                    sendAndWait(habitat);
                }),
                Specimen.of("node paused, with data there", cause, habitat -> {
                    habitat.node("pause");
                    sendAndWait(habitat);
                }),
                Specimen.of("nginx that is stopped, with a request there", cause, habitat -> {
                    Process nginx = habitat.nginx(60);
                    habitat.pool(SOME, "use", HTTP);
                    habitat.server().held().haveExactly(SOME, ESTABLISHED).within(PATIENCE);
                    Signals.send("STOP", nginx);
                    habitat.await(Role.SERVER, Flowing::isLeftUnread);
                }));
    }

    private static List<Specimen> zeroWindow() {
        String cause = "zero-window";
        return List.of(
                Specimen.of("nginx and a curl that is stopped", cause, habitat -> {
                    habitat.large("file");
                    habitat.nginx(60);
                    Process curl = habitat.client(
                            "curl", "-s", "--limit-rate", "10k", "-o", "/dev/null", habitat.url("/file"));
                    habitat.server().held().haveExactly(1, ESTABLISHED).within(PATIENCE);
                    Signals.send("STOP", curl);
                    habitat.await(Role.SERVER, Flowing::isStalled);
                }),
                Specimen.of("node that pours into a client which reads nothing", cause, habitat -> {
                    habitat.node("pour");
                    habitat.pool(2, "keep", "");
                    habitat.await(Role.SERVER, Flowing::isStalled);
                }));
    }

    private static List<Specimen> halfOpen() {
        String cause = "half-open";
        return List.of(
                Specimen.of("nginx whose client goes dark in a download", cause, habitat -> {
                    habitat.large("file");
                    habitat.nginx(60);
                    habitat.client("curl", "-s", "--limit-rate", "1M", "-o", "/dev/null", habitat.url("/file"));
                    goDark(habitat, Role.SERVER);
                }),
                Specimen.of("node whose clients read nothing, and then go dark", cause, habitat -> {
                    habitat.node("pour");
                    habitat.pool(2, "keep", "");
                    habitat.await(Role.SERVER, socket -> socket.timer().kind() == SocketTimer.Kind.PROBE);
                    habitat.cut(Role.SERVER);
                    habitat.await(
                            Role.SERVER,
                            socket -> socket.timer().kind() == SocketTimer.Kind.PROBE
                                    && socket.timer().retransmits() >= 3);
                }),
                Specimen.of("python client whose server goes dark", cause, habitat -> {
                            habitat.redis();
                            habitat.pool(2, "use", Habitat.PING);
                            habitat.clients().haveExactly(2, ESTABLISHED).within(PATIENCE);
                            goDark(habitat, Role.CLIENT);
                        })
                        .onClient());
    }

    private static List<Specimen> resets() {
        String cause = "resets";
        return List.of(
                Specimen.of("python that closes with the request unread", cause, habitat -> {
                    habitat.threads("close_unread");
                    habitat.forEver("curl -s " + habitat.url("/"));
                    habitat.awaitCounter(Role.SERVER, "TcpExtTCPAbortOnClose", 3);
                }),
                Specimen.of("node that resets what it has answered", cause, habitat -> {
                    habitat.node("reset");
                    habitat.forEver("curl -s " + habitat.url("/"));
                    habitat.awaitCounter(Role.SERVER, "TcpExtTCPAbortOnData", 3);
                }));
    }

    private static List<Specimen> descriptors() {
        String cause = "fds-near-limit";
        return List.of(
                Specimen.of("python with few descriptors", cause, habitat -> {
                    habitat.limited(16, "python3", ProgramFolder.program("threads.py"), "8000", "echo");
                    habitat.pool(11, "keep", "");
                    habitat.server().held().haveExactly(11, ESTABLISHED).within(PATIENCE);
                }),
                Specimen.of("socat with few descriptors, one process for each connection", cause, habitat -> {
                    habitat.limited(8, "socat", "TCP-LISTEN:8000,fork,reuseaddr", "PIPE");
                    habitat.pool(2, "keep", "");
                    habitat.server().held().haveExactly(2, ESTABLISHED).within(PATIENCE);
                }));
    }

    private static void sendAndWait(Habitat habitat) throws InterruptedException {
        habitat.pool(SOME, "keep", "hello");
        habitat.await(Role.SERVER, Flowing::isLeftUnread);
    }

    private static void goDark(Habitat habitat, Role sender) throws InterruptedException {
        habitat.await(sender, socket -> isAtLeast(socket, TcpInfoField.BYTES_ACKED, 2));
        habitat.cut(sender);
        habitat.await(
                sender,
                socket -> socket.timer().kind() == SocketTimer.Kind.RETRANSMIT
                        && socket.timer().retransmits() >= 3);
    }

    /** Data for as long as the finding wants it, and nobody has read it. */
    static boolean isLeftUnread(TcpSocket socket) {
        return socket.state() == ESTABLISHED
                && socket.hasOwner()
                && socket.recvQueue() > 0
                && isAtLeast(socket, TcpInfoField.LAST_DATA_RECV, UNREAD_MILLIS);
    }

    private static boolean isStalled(TcpSocket socket) {
        return socket.timer().kind() == SocketTimer.Kind.PROBE
                && isAtLeast(socket, TcpInfoField.LAST_DATA_SENT, STALLED_MILLIS);
    }

    private static boolean isAtLeast(TcpSocket socket, TcpInfoField field, long value) {
        return socket.info().map(info -> info.require(field) >= value).orElse(false);
    }
}
