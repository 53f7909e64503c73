package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.catalogue.Vocabulary.orEmulated;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.PlainNetty;
import io.tcplab.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The same Netty server by each transport, and what it leaves when its peers have closed. */
final class PlainNettyServers {
    /** Each transport's first connection loads what it needs, which takes an emulated processor many times as long. */
    private static final Duration SOON = Duration.ofSeconds(orEmulated(10, 60));

    /** A server that closes at EOF gets this long before it counts as a leak: a busy one may be about to. */
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(2);

    private final Map<Transport, Census> left = new EnumMap<>(Transport.class);

    private PlainNettyServers() {}

    /** Runs those that this machine can, one after the other: peers connect, wait until they are accepted, and close. */
    static PlainNettyServers visit(Trial trial, PlainNetty behaviour, int peers) throws InterruptedException {
        PlainNettyServers servers = new PlainNettyServers();
        for (Transport transport : Transport.values()) {
            if (transport.unavailable().isEmpty()) {
                trial.step("%d peers connect to a server by %s, and close".formatted(peers, transport.label()));
                InetSocketAddress server = trial.server()
                        .serve(behaviour, ServeOptions.defaults().withTransport(transport))
                        .addresses()
                        .getFirst();
                servers.left.put(transport, visit(trial, server, peers));
            }
        }
        return servers;
    }

    /**
     * How many that a process owns are in CLOSE_WAIT at the server by this transport.
     *
     * @throws EvidenceMissing if there is no such server here
     */
    long inCloseWait(Transport transport, Predicate<TcpSocket> which) {
        Census census = left.get(transport);
        if (census == null) {
            throw new EvidenceMissing(transport.unavailable().orElse("it wasn't tried"));
        }
        return census.in(CLOSE_WAIT).stream()
                .filter(TcpSocket::hasOwner)
                .filter(which)
                .count();
    }

    private static Census visit(Trial trial, InetSocketAddress server, int peers) throws InterruptedException {
        SocketQuery atServer = SocketQuery.ofStates(ESTABLISHED, CLOSE_WAIT).withLocalPort(server.getPort());
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            clients.add(connect(trial, server));
        }
        requireAccepted(trial, atServer, peers);
        clients.forEach(Socket::close);
        trial.server().await(atServer, census -> census.count(ESTABLISHED) == 0, SOON);
        // One thread does it all, in turn: when it has accepted one more, and then another, it has been through all
        // that
        // came before them.
        for (int accepted = 1; accepted <= 2; accepted++) {
            connect(trial, server);
            requireAccepted(trial, atServer, accepted);
        }
        return trial.server().await(atServer, census -> census.count(CLOSE_WAIT) == 0, TIME_TO_CLOSE);
    }

    private static Socket connect(Trial trial, InetSocketAddress server) throws InterruptedException {
        Socket client = Connection.socket(trial.client());
        client.connect(server, SOON).orThrow("connect");
        return client;
    }

    private static void requireAccepted(Trial trial, SocketQuery atServer, int count) throws InterruptedException {
        Census census = trial.server().await(atServer, look -> accepted(look) == count, SOON);
        if (accepted(census) != count) {
            throw new EvidenceMissing(
                    "the machine was too busy: the server had accepted %d of %d".formatted(accepted(census), count));
        }
    }

    private static long accepted(Census census) {
        return census.in(ESTABLISHED).stream().filter(TcpSocket::hasOwner).count();
    }
}
