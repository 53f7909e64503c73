package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.Side;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** The other host dies silently: what a write does depends on whether the host has restarted. */
public final class HalfOpen extends AbstractExperiment {
    private static final String RETRIES = "net.ipv4.tcp_retries2";

    /** So many retransmissions must have gone out while there is no error yet; fewer than tcp_retries2. */
    private static final int SEEN = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public HalfOpen() {
        super("half-open", """
                A host that loses power sends no FIN and no RST. The other end stays ESTABLISHED, forever if it has
                nothing to send (RFC 9293, section 3.5.1). "A write reveals it through a RST" is half true: a host must
                answer, one that has restarted and doesn't know the connection. Then the write itself succeeds, and the
                calls after it fail with ECONNRESET and later EPIPE.

                If no host answers, there is no RST. The kernel retransmits the data at doubling intervals and reports
                nothing. With tcp_retries2 at its default of 15 it gives up after about a quarter of an hour: ETIMEDOUT
                (tcp_write_timeout in net/ipv4/tcp_timer.c). The run lowers it. TCP_USER_TIMEOUT does that for one
                socket (and also ends it if a live peer keeps its window closed for that long). Keepalive detects a dead
                peer of an idle socket.

                Neither error repairs anything. The kernel never reconnects; that is the application's job.""");
        headline("the other host dies silently: a write gets RST only if a host answers, otherwise silence and"
                + " ETIMEDOUT");
        fault("the server loses power; in the first part it starts again, in the second it stays dark");
        control("the server stays up and answers");
        sysctls(RETRIES);
        wire();
        set(CLIENT, RETRIES, RETRIES2);
        takes(knobs -> Duration.ofMillis(200L << (knobs.get(RETRIES2) + 2)));
    }

    final Knob<Integer> RETRIES2 =
            integer("retries2", 3, 3, 6, RETRIES + " of the client: how long it tries; the kernel's default is 15");

    final Expectation UNAWARE =
            supporting(CLIENT, SOCK_DIAG, "the server has restarted, and the client is ESTABLISHED");
    final Expectation RESET =
            deciding(CLIENT, ERRNO, "it writes: the restarted host answers with RST, and read() fails with ECONNRESET");
    final Expectation FINISHED = deciding(CLIENT, ERRNO, "the next write fails with EPIPE: this socket is finished");
    final Expectation RETRANSMITS =
            deciding(CLIENT, SOCK_DIAG, "while the host stays dark, the client retransmits its data this many times");
    final Expectation NO_ERROR = supporting(CLIENT, ERRNO, "meanwhile there is no error: read() returns EAGAIN");
    final Expectation TIMED_OUT =
            deciding(CLIENT, ERRNO, "when tcp_retries2 is exhausted, read() fails with ETIMEDOUT");
    final Expectation NO_SYN =
            supporting(CLIENT, SEGMENTS, "SYNs in total: one per connect(), because the kernel never reconnects");

    final Measure RECEIVE = timer("client.receive", LOWER, "from sending to a dead host until the error");

    @Override
    public void run(Trial trial) throws InterruptedException {
        var listener = trial.listener(8);
        restarted(trial, trial.open(listener));
        dark(trial, trial.open(listener));
        trial.observe(NO_SYN, equalTo(2), OnTheWire.attempts(Side.CLIENT, trial.segments()));
    }

    private void restarted(Trial trial, Connection connection) throws InterruptedException {
        if (trial.faulty()) {
            trial.step("the server loses power, and starts again");
            trial.wire().reboot(Side.SERVER);
        }
        var client = connection.client();
        int unaware = trial.client().census().count(ESTABLISHED);
        trial.step("the client writes");
        client.send(1).orThrow("send");
        if (connection.server().receive(1, PATIENCE).ok()) {
            connection.server().send(1).orThrow("send back");
        }
        String answer = client.receive(1, PATIENCE).name();
        String again = client.send(1).name();
        client.close();
        trial.observe(UNAWARE, equalTo(1), unaware);
        trial.observe(RESET, equalTo("ECONNRESET"), answer);
        trial.observe(FINISHED, equalTo("EPIPE"), again);
    }

    private void dark(Trial trial, Connection connection) throws InterruptedException {
        if (trial.faulty()) {
            trial.step("the server loses power, and stays dark");
            trial.wire().silence(Side.SERVER);
        }
        var client = connection.client();
        long start = System.nanoTime();
        client.send(1).orThrow("send");
        SocketQuery writing = SocketQuery.ofStates(ESTABLISHED).withLocalPort(client.port());
        Predicate<Census> tried = census -> census.unacknowledged() == 0 || retransmits(census) >= SEEN;
        Census retried = trial.client().await(writing, tried, PATIENCE);
        String meanwhile = client.receive(1, Duration.ZERO).name();

        trial.step("the client tries until tcp_retries2 is exhausted");
        connection.server().send(1);
        String end = client.receive(1, Duration.ofSeconds(60)).name(); // longer than the most retransmissions take
        trial.measure(RECEIVE, (System.nanoTime() - start) / 1e9);
        trial.observe(RETRANSMITS, atLeast(SEEN), retransmits(retried));
        trial.observe(NO_ERROR, equalTo("EAGAIN"), meanwhile);
        trial.observe(TIMED_OUT, equalTo("ETIMEDOUT"), end);
    }

    private static long retransmits(Census census) {
        LongStream each =
                census.sockets().stream().mapToLong(socket -> socket.timer().retransmits());
        return each.max().orElse(0);
    }
}
