package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import java.util.ArrayList;
import java.util.List;

/** A server answers early and closes with the rest of the request unread: RST, and the answer is lost on its way. */
public final class CloseWithUnreadData extends AbstractExperiment {
    /** Bytes. */
    private static final int REQUEST = 10_000;

    public CloseWithUnreadData() {
        super("close-with-unread-data", """
                A server sees from the first lines that it will reject a request, answers, and closes. The answer is
                fine, but part of the request is still unread in the receive queue. close() can no longer deliver those
                bytes, and must not let the peer believe they were delivered (RFC 2525, section 2.17). So the kernel
                sends RST instead of FIN (__tcp_close), and drops whatever it hadn't sent yet. It doesn't need SO_LINGER
                for that.

                The client reads what had already arrived, then gets ECONNRESET. Or it is still sending, gets ECONNRESET
                from send(), and never looks at the answer. That is the upload that ends with "connection reset by peer"
                instead of "413 Content Too Large". The fix: shutdownOutput(), then read to EOF with a limit on bytes
                and time, then close() (nginx: lingering_close).""");
        headline("close() with unread bytes in the receive queue sends RST: the peer loses the answer");
        fault("the server closes before it has read the request");
        control("the server reads the request, then answers and closes");
        sysctls("net.ipv4.tcp_rmem", "net.core.wmem_max");
        descriptors(CONNECTIONS, 4, 20);
    }

    final Knob<Integer> CONNECTIONS = integer(
            "connections", 10, 1, 1_000, "connections whose client reads on, and as many whose client sends on");
    final Knob<Integer> RESPONSE =
            integer("response", 100_000, 50_000, 150_000, "bytes of the answer on each connection");

    final Expectation RESET = deciding(CLIENT, ERRNO, "the clients that read get ECONNRESET instead of EOF");
    final Expectation LOST = deciding(
            CLIENT, BYTES, "they get less of the answer than the server's kernel had accepted from the server");
    final Expectation SEND_FAILS =
            deciding(CLIENT, ERRNO, "the clients that send on get ECONNRESET from send(), before they read any answer");
    final Expectation COUNTED = deciding(SERVER, COUNTERS, "each such close is counted (TcpExtTCPAbortOnClose)");
    final Expectation RST_SENT = supporting(SERVER, COUNTERS, "a RST goes out for each (TcpOutRsts)");
    final Expectation NO_TIME_WAIT = deciding(SERVER, SOCK_DIAG, "the server, which closed first, has no TIME_WAIT");

    final Measure UNREAD =
            count("client.lost", "bytes", LOWER, "the part of the answers that the clients' processes never read");
    final Measure RESETS =
            count("client.ECONNRESET", "connections", LOWER, "reads of an answer that end with an error");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        trial.step("%d clients send a request".formatted(2 * n));
        List<Connection> connections = connect(trial, 2 * n);
        List<Connection> readers = connections.subList(0, n);
        List<Connection> senders = connections.subList(n, 2 * n);
        trial.server().await(census -> census.count(ESTABLISHED, one -> one.recvQueue() == REQUEST) == 2L * n);

        trial.step("the server answers and closes");
        answer(trial, senders);
        long answered = answer(trial, readers);
        // Until each client knows of the RST, or each server socket waits in FIN_WAIT_1 to send the rest.
        trial.client()
                .await(census ->
                        census.none(ESTABLISHED) || trial.server().census().count(FIN_WAIT1) == 2 * n);
        trial.observe(COUNTED, equalTo(2L * n), () -> trial.server().counter("TcpExtTCPAbortOnClose"));
        trial.observe(RST_SENT, atLeast(2L * n), () -> trial.server().counter("TcpOutRsts"));
        var sends = senders.stream().map(one -> one.client().send(REQUEST).name());
        trial.observe(SEND_FAILS, equalTo(n), sends.filter("ECONNRESET"::equals).count());

        trial.step("the clients read the answer");
        List<Reading> answers =
                Reading.toEnd(readers.stream().map(Connection::client).toList());
        long bytes = answers.stream().mapToLong(Reading::bytes).sum();
        long resets =
                answers.stream().filter(one -> one.end().equals("ECONNRESET")).count();
        trial.measure("server.answered", (double) answered, "bytes");
        trial.measure("client.read", (double) bytes, "bytes");
        trial.measure(UNREAD, answered - bytes);
        trial.measure(RESETS, resets);
        trial.observe(RESET, equalTo(n), resets);
        trial.observe(LOST, atMost(answered - 1), bytes);
        var left = trial.server().awaitNone(FIN_WAIT1, FIN_WAIT2);
        trial.observe(NO_TIME_WAIT, equalTo(0), left.count(TIME_WAIT));
    }

    private List<Connection> connect(Trial trial, int count) throws InterruptedException {
        var listener = trial.listener(count);
        // Accepted sockets inherit it. Answers must fit, so that send() takes all of one at once.
        listener.sendBuffer(2 * trial.knob(RESPONSE)).orThrow("setsockopt SO_SNDBUF");
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var client = Connection.socket(trial.client());
            client.receiveBuffer(4_096).orThrow("setsockopt SO_RCVBUF"); // so that the answer waits at the server
            connections.add(Connection.open(client, listener));
            client.send(REQUEST).orThrow("send the request");
        }
        return connections;
    }

    /** Returns how much of the answers the server's kernel took. */
    private long answer(Trial trial, List<Connection> those) throws InterruptedException {
        long taken = 0;
        for (Connection connection : those) {
            if (!trial.faulty()) {
                Reading.exactly(REQUEST, connection.server());
            }
            taken += connection.server().send(trial.knob(RESPONSE)).orThrow("send the answer");
            connection.server().close();
        }
        return taken;
    }
}
