package io.tcplab.experiments.catalogue;

import io.tcplab.client.Hold;
import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.experiments.*;
import io.tcplab.server.LingerZero;
import io.tcplab.server.NeverRead;
import io.tcplab.server.WellBehaved;

/** SO_LINGER 0 turns close() into a RST: no TIME_WAIT, an error for the peer, and lost data. */
public final class LingerReset extends AbstractExperiment {
    private static final int REQUEST = 64;

    public LingerReset() {
        super("linger-reset", """
                SO_LINGER with a timeout of zero makes close() send a RST instead of a FIN and forget the connection
                immediately. People recommend it against TIME_WAIT, and there is indeed none, on either side. It has two
                costs.

                The peer's next read fails with ECONNRESET instead of EOF, so it can't distinguish a complete answer
                from one that was cut off. And the closer's kernel discards what it hadn't sent yet: in the second scene
                a peer reads slowly, its window is full, and the run compares the Send-Q before and after. (On Linux,
                what has already arrived in the peer's Recv-Q can still be read; other systems discard that too.) Only
                linger 0 does this; other values make close() wait.""");
        headline("close() with SO_LINGER 0 sends RST: no TIME_WAIT, ECONNRESET for the peer, unsent data lost");
        fault("SO_LINGER is set to 0 before close()");
        control("close() without SO_LINGER");
        sysctls("net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem");
        timeWaitKept();
        // The closer's kernel must take the whole of it, so that what the peer has no room for waits in Send-Q.
        set(CLIENT, "net.ipv4.tcp_wmem", knobs -> "4096 %1$d %1$d".formatted(4 * knobs.get(UNREAD)));
        descriptors(CONNECTIONS, 4, 20);
        takes(2);
    }

    final Knob<Integer> CONNECTIONS =
            integer("connections", 100, 1, 10_000, "connections that are closed in each of the two scenes");
    final Knob<Integer> UNREAD = integer(
            "unread", 524_288, 262_144, 4_000_000, "bytes sent to a peer that doesn't read, on each connection");

    final Expectation PEER_RESET =
            deciding(CLIENT, ERRNO, "the peer's read fails with ECONNRESET where an orderly close gives EOF");
    final Expectation NO_TIME_WAIT =
            deciding(SERVER, SOCK_DIAG, "no TIME_WAIT on either side: neither at the closer nor at the peer");
    final Expectation COUNTED = deciding(SERVER, COUNTERS, "each such close is counted (TcpExtTCPAbortOnData)");
    final Expectation RST_SENT = supporting(SERVER, COUNTERS, "a RST goes out for each (TcpOutRsts)");
    final Expectation DISCARDED = deciding(CLIENT, SOCK_DIAG, "bytes waiting in the closer's Send-Q are lost");
    final Expectation LINGER_TIME =
            supporting(CLIENT, SOCK_DIAG, "with a linger time other than 0, close() is orderly: FIN, then TIME_WAIT");

    final Measure RESETS =
            count("client.ECONNRESET", "connections", LOWER, "answers that end with an error for the peer");
    final Measure WAITING = sockets(SERVER, TIME_WAIT, NEITHER, "when it has closed them all");
    final Measure UNSENT = count(
            "client.discarded", "bytes", LOWER, "what waited in the clients' Send-Qs when they closed, and was lost");

    @Override
    public void run(Trial trial) throws InterruptedException {
        serverCloses(trial, trial.knob(CONNECTIONS));
        clientClosesWithDataUnsent(trial, trial.knob(CONNECTIONS));
        lingerTime(trial);
    }

    private void serverCloses(Trial trial, int n) throws InterruptedException {
        trial.step("a server answers %d requests and closes".formatted(n));
        var server = trial.server();
        var running = server.serve(trial.faulty() ? new LingerZero(REQUEST, true) : new WellBehaved(true));
        var report = trial.client()
                .load(new ShortLived(1, Closer.SERVER), running, n, plan -> plan.withPayloadBytes(REQUEST))
                .awaitEach(SOON);
        trial.keep("%,d requests".formatted(n), report);
        trial.measure(RESETS, report.failed("ECONNRESET"));
        trial.measure(WAITING, server.count(TIME_WAIT));
        trial.observe(PEER_RESET, equalTo(n), report.failed("ECONNRESET"));
        trial.observe(
                NO_TIME_WAIT,
                equalTo(0),
                server.count(TIME_WAIT) + trial.client().count(TIME_WAIT));
        trial.observe(COUNTED, equalTo(n), () -> server.counter("TcpExtTCPAbortOnData"));
        trial.observe(RST_SENT, atLeast(n), () -> server.counter("TcpOutRsts"));
    }

    private void clientClosesWithDataUnsent(Trial trial, int n) throws InterruptedException {
        trial.step("%d clients send to a server that doesn't read".formatted(n));
        var server = trial.server().serve(new NeverRead());
        var clients = trial.client()
                .load(
                        new Hold(),
                        server,
                        n,
                        plan -> plan.withPayloadBytes(trial.knob(UNREAD))
                                .withConcurrency(n)
                                .withLingerZero(trial.faulty()));
        var full = trial.client().await(census -> census.count(ESTABLISHED, one -> one.sendQueue() > 0) == n);
        trial.measure("client.Send-Q.before", (double) full.unacknowledged(), "bytes");
        trial.step("the clients close");
        clients.release();
        var closed = trial.client().awaitNone(ESTABLISHED);
        trial.measure(UNSENT, full.unacknowledged() - closed.unacknowledged());
        trial.observe(DISCARDED, equalTo(0), closed.unacknowledged());
    }

    private void lingerTime(Trial trial) throws InterruptedException {
        trial.step("a client closes with a time to linger");
        var connection = trial.open(trial.listener(1));
        int port = connection.port();
        connection.client().linger(5).orThrow("setsockopt SO_LINGER");
        connection.closeFrom(CLIENT);
        var left = trial.client().await(census -> census.count(TIME_WAIT, one -> one.port() == port) == 1);
        trial.observe(LINGER_TIME, equalTo(1), left.count(TIME_WAIT, one -> one.port() == port));
    }
}
