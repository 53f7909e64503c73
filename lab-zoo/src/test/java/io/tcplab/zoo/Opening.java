package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.zoo.Habitat.HTTP;
import static io.tcplab.zoo.Habitat.PATIENCE;
import static io.tcplab.zoo.Habitat.PING;

import io.tcplab.junit.Role;
import java.util.List;
import java.util.stream.Stream;

/** Trouble while a connection opens. */
final class Opening {
    private static final int SOME = 8;

    private Opening() {}

    static Stream<Specimen> specimens() {
        return Stream.of(acceptQueues(), synSent(), synReceived()).flatMap(List::stream);
    }

    private static List<Specimen> acceptQueues() {
        String cause = "accept-queue-full";
        return List.of(
                Specimen.of("python with a short backlog that never calls accept()", cause, habitat -> {
                            habitat.threads("never_accept", "2");
                            crowd(habitat);
                        })
                        .with("never-accepted"),
                Specimen.of("redis that is stopped", cause, habitat -> {
                            Signals.send("STOP", habitat.redis("--tcp-backlog", "2"));
                            crowd(habitat);
                        })
                        .with("never-accepted"));
    }

    private static List<Specimen> synSent() {
        String cause = "syn-unanswered";
        return List.of(
                Specimen.of("curl to a host that is dark", cause, habitat -> {
                            habitat.nginx(60);
                            habitat.cut(Role.CLIENT);
                            habitat.client("curl", "-s", habitat.url("/hello"));
                            habitat.await(
                                    Role.CLIENT,
                                    socket -> socket.state() == SYN_SENT
                                            && socket.timer().retransmits() > 0);
                        })
                        .onClient(),
                Specimen.of("python to a host that is dark", cause, habitat -> {
                            habitat.redis();
                            habitat.cut(Role.CLIENT);
                            habitat.pool(1, "keep", PING);
                            habitat.await(
                                    Role.CLIENT,
                                    socket -> socket.state() == SYN_SENT
                                            && socket.timer().retransmits() > 0);
                        })
                        .onClient(),
                Specimen.of("curl that gives a dark host a third of a second", cause, habitat -> {
                            habitat.nginx(60);
                            habitat.cut(Role.CLIENT);
                            // Several, as a busy machine takes a while to start each, and looks less often.
                            for (int i = 0; i < 3; i++) {
                                habitat.forEver("curl -s --connect-timeout 0.3 " + habitat.url("/hello"));
                            }
                            habitat.await(Role.CLIENT, socket -> socket.state() == SYN_SENT);
                        })
                        .onClient());
    }

    private static List<Specimen> synReceived() {
        String cause = "syn-ack-unanswered";
        return List.of(
                Specimen.of("nginx whose answers don't arrive", cause, habitat -> {
                    habitat.nginx(60);
                    knockInVain(habitat, HTTP);
                }),
                Specimen.of("redis whose answers don't arrive", cause, habitat -> {
                    habitat.redis();
                    knockInVain(habitat, PING);
                }));
    }

    /** More clients than the queue has room for. */
    private static void crowd(Habitat habitat) throws InterruptedException {
        for (int i = 0; i < SOME; i++) {
            habitat.pool(1, "keep", "");
        }
        habitat.await(Role.SERVER, socket -> socket.state() == LISTEN && socket.acceptQueue() > socket.backlog());
    }

    private static void knockInVain(Habitat habitat, String request) throws InterruptedException {
        habitat.cut(Role.SERVER);
        for (int i = 0; i < SOME; i++) {
            habitat.pool(1, "keep", request);
        }
        habitat.server().haveExactly(SOME, SYN_RECV).within(PATIENCE);
        habitat.await(
                Role.SERVER,
                socket -> socket.state() == SYN_RECV && socket.timer().retransmits() > 0);
    }
}
