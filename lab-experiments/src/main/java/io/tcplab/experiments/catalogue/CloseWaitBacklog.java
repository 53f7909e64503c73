package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpSocket;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Peers connect, send and close before anybody accepts: CLOSE_WAIT in the backlog, without an owner; then it is accepted. */
public final class CloseWaitBacklog extends AbstractExperiment {
    public CloseWaitBacklog() {
        super("close-wait-backlog", """
                The kernel opens connections without the process, and peers can close them without it too. If a process
                is too busy to accept, they pile up in the listener's queue: ESTABLISHED at first, then CLOSE_WAIT when
                the peer gives up. No process owns these sockets (inode 0; ss -p shows no name), so neither restarting a
                worker nor looking for a forgotten close() helps. A long backlog holds more of them.

                Linux doesn't remove a connection from the queue when its peer leaves. accept() returns each one in
                order of arrival; the process can read the request, then EOF, but nobody is left to receive an answer.
                After a RST, accept() succeeds too (other systems: ECONNABORTED), and the first read() fails with
                ECONNRESET. So a server that has fallen behind works for peers that left long ago, and falls further
                behind. The fix: accept sooner, and keep the queue short enough to be served before the peers time out.""");
        headline("connections closed before anybody accepts them wait in CLOSE_WAIT, and accept() still returns them");
        fault("nobody calls accept() until the peers have gone");
        control("each connection is accepted at once, and closed when its peer is gone");
        set(SERVER, "net.core.somaxconn", knobs -> String.valueOf(2 * knobs.get(CONNECTIONS)));
        descriptors(CONNECTIONS, 4, 20);
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 10, 1, 1_000, "peers that close, and as many that reset");
    final Knob<Integer> REQUEST = integer("bytes", 100, 1, 10_000, "bytes that each peer sends before it closes");

    final Expectation NO_OWNER = deciding(SERVER, SOCK_DIAG, """
            those that the peers closed are in CLOSE_WAIT, unread (Recv-Q = bytes + 1), and no process owns them \
            (inode 0)""");
    final Expectation IN_QUEUE = deciding(SERVER, SOCK_DIAG, """
            the listener's Recv-Q counts them, and those that were reset: they still take up the queue""");
    final Expectation ACCEPTED =
            deciding(SERVER, ERRNO, "accept() succeeds on each of them, long after the peer has gone");
    final Expectation OWNED =
            supporting(SERVER, SOCK_DIAG, "accept() only gives them an owner: still CLOSE_WAIT, same Recv-Q");
    final Expectation READ_EOF =
            deciding(SERVER, ERRNO, "on those that the peers closed, read() returns every byte, then EOF");
    final Expectation READ_RESET =
            deciding(SERVER, ERRNO, "on those that the peers reset, the first read() fails with ECONNRESET");

    final Measure UNACCEPTED = sockets(SERVER, CLOSE_WAIT, LOWER, "without an owner, after all peers have left");
    final Measure QUEUE = count("server.accept-queue", "connections", LOWER, """
            connections whose peers left and that still wait for accept(): the listener's Recv-Q""");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int request = trial.knob(REQUEST);
        Predicate<TcpSocket> unread = socket -> socket.recvQueue() == request + 1; // the FIN counts for one
        Predicate<TcpSocket> unowned = socket -> !socket.hasOwner();
        var server = trial.server();
        Socket listener = trial.listener(2 * n);
        trial.step("peers connect, send and close; as many connect and reset");
        for (int i = 0; i < n; i++) {
            visit(trial, listener, peer -> Sending.thenClose(peer, request));
            visit(trial, listener, Connection::reset);
        }
        var queued =
                server.await(all -> all.none(SYN_RECV, ESTABLISHED) && all.count(CLOSE_WAIT, unread.negate()) == 0);
        trial.measure(UNACCEPTED, queued.count(CLOSE_WAIT, unowned));
        trial.measure(QUEUE, server.acceptQueue());
        trial.observe(NO_OWNER, equalTo(n), queued.count(CLOSE_WAIT, unread.and(unowned)));
        trial.observe(IN_QUEUE, equalTo(2L * n), server.acceptQueue());

        trial.step("the server accepts what is left");
        var accepted = Connection.acceptAll(listener);
        trial.observe(ACCEPTED, equalTo(2L * n), accepted.size());
        trial.observe(OWNED, equalTo(n), server.count(CLOSE_WAIT, unread.and(unowned.negate())));
        List<Reading> readings = Reading.toEnd(accepted);
        trial.observe(READ_EOF, equalTo(n), Collections.frequency(readings, new Reading(request, Reading.EOF)));
        trial.observe(READ_RESET, equalTo(n), Collections.frequency(readings, new Reading(0, "ECONNRESET")));
    }

    /** A peer comes and goes; without the fault it is accepted before it goes. */
    private static void visit(Trial trial, Socket listener, Consumer<Socket> leave) throws InterruptedException {
        Socket peer = trial.connect(listener.local());
        var accepted = trial.faulty() ? List.<Socket>of() : List.of(accept(listener));
        leave.accept(peer);
        Reading.toEnd(accepted);
    }
}
