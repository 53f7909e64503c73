package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.sockets.TcpSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The opening is the kernel's work alone: both sides are ESTABLISHED though nobody calls accept(). */
public final class ThreeWayHandshake extends AbstractExperiment {
    private static final String CLIENTS_PATH = StatePaths.path(CLOSE, SYN_SENT, ESTABLISHED);
    private static final String SERVERS_PATH = StatePaths.path(LISTEN, SYN_RECV, ESTABLISHED);

    public ThreeWayHandshake() {
        super("three-way-handshake", """
                "The server calls accept(), then enters SYN_RECV" is a common statement, and the wrong way round. A
                process only has to call listen(). From then on its kernel answers a SYN on its own and keeps a small
                request socket (SYN_RECV). When the last ACK arrives, the kernel turns it into an ESTABLISHED socket and
                puts it into the listener's accept queue (tcp_v4_syn_recv_sock, inet_csk_reqsk_queue_add). By then the
                client's connect() has returned, and the client may send.

                accept() only takes a finished connection from that queue and gives it a file descriptor. So a connected
                client knows that the server's kernel is alive, and nothing about the server's process. A health check
                that only connects tests the kernel.""");
        headline("the kernels open the connection themselves, before and without accept()");
        fault("the server listens, and nobody accepts");
        control("the server doesn't listen: a SYN is answered with RST");
        sysctls("net.core.somaxconn");
        transitions();
        descriptors(CONNECTIONS, 2, 20);
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 10, 1, 1_000, "clients that connect");

    final Expectation CONNECTED = deciding(CLIENT, ERRNO, "connect() succeeds although nobody has called accept()");
    final Expectation CLIENT_ESTABLISHED = deciding(CLIENT, SOCK_DIAG, "the clients are ESTABLISHED");
    final Expectation SERVER_ESTABLISHED =
            deciding(SERVER, SOCK_DIAG, "so are their peers at the server, which no process owns yet (inode 0)");
    final Expectation QUEUED = deciding(SERVER, SOCK_DIAG, "they wait in the accept queue (the listener's Recv-Q)");
    final Expectation ACCEPTED = deciding(SERVER, SOCK_DIAG, """
            accept() gives each an owner and changes nothing else: the same sockets, still ESTABLISHED""");
    final Expectation PATHS = supporting(CLIENT, TRANSITIONS, """
            the clients went through %s, the server's sockets through %s""".formatted(CLIENTS_PATH, SERVERS_PATH));

    final Measure OPENED = sockets(SERVER, ESTABLISHED, HIGHER, "not accepted yet");
    final Measure QUEUE = count(
            "server.accept-queue", "connections", NEITHER, "connections that wait for accept(): the listener's Recv-Q");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Predicate<TcpSocket> unowned = socket -> !socket.hasOwner();
        var server = trial.faulty() ? trial.listener(n) : Connection.bound(trial.server());
        trial.step("%d clients connect".formatted(n));
        List<String> connects = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            connects.add(trial.tryConnect(server.local()));
        }
        trial.measure("client.ECONNREFUSED", (double) Collections.frequency(connects, "ECONNREFUSED"), "connections");
        var clients = trial.client().census();
        int connected = clients.count(ESTABLISHED);
        // A client is through before its last ACK has arrived.
        var queued = trial.server().await(census -> census.count(ESTABLISHED, unowned) == connected);
        long waiting = trial.server().acceptQueue();
        trial.measure(OPENED, queued.count(ESTABLISHED, unowned));
        trial.measure(QUEUE, waiting);
        trial.observe(CONNECTED, equalTo(n), Collections.frequency(connects, OK));
        trial.observe(CLIENT_ESTABLISHED, equalTo(n), connected);
        trial.observe(SERVER_ESTABLISHED, equalTo(n), queued.count(ESTABLISHED, unowned));
        trial.observe(QUEUED, equalTo(n), waiting);

        trial.step("the server accepts");
        List<TcpSocket> waited = queued.in(ESTABLISHED).stream().filter(unowned).toList();
        for (int i = 0; i < waited.size(); i++) {
            accept(server);
        }
        List<Long> cookies = waited.stream().map(TcpSocket::cookie).toList();
        Predicate<TcpSocket> nowOwned = socket -> socket.hasOwner() && cookies.contains(socket.cookie());
        trial.observe(ACCEPTED, equalTo(n), trial.server().census().count(ESTABLISHED, nowOwned));
        trial.observe(
                PATHS,
                equalTo("%d and %d".formatted(n, n)),
                () -> "%d and %d".formatted(trial.ending(CLIENT, CLIENTS_PATH), trial.ending(SERVER, SERVERS_PATH)));
    }
}
