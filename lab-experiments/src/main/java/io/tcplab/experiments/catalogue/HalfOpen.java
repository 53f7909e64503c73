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

/** The other host dies without a word: what writing comes to depends on whether it is there again. */
public final class HalfOpen extends AbstractExperiment {
    private static final String RETRIES = "net.ipv4.tcp_retries2";

    /** So many retransmissions must have gone out while there is no error yet; fewer than tcp_retries2. */
    private static final int SEEN = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public HalfOpen() {
        super("half-open", """
                A host that loses power sends no FIN and no RST. The other end remains ESTABLISHED, and as long as it has
                nothing to send, for ever (RFC 9293, section 3.5.1). That writing reveals it by a RST is half
                true. It needs a host that answers: one that has started again, and knows nothing of the connection.
                Then the write itself succeeds, and what comes after it fails, by ECONNRESET and later EPIPE.

                If nobody answers there is no RST. The kernel sends the data again and again, at doubling intervals, and
                tells nobody. With tcp_retries2 at its default of 15 it gives up after about a quarter of an hour: ETIMEDOUT
                (tcp_write_timeout in net/ipv4/tcp_timer.c). The run lowers it. TCP_USER_TIMEOUT does that for one
                socket (and ends it, too, if a live peer keeps its window closed for that long), and keepalive finds the dead
                behind an idle one.

                Neither error mends anything. The kernel never connects again; that is for the application to do.""");
        headline("the other host dies silently: writing gets RST only if a host answers, else silence and ETIMEDOUT");
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
            deciding(CLIENT, ERRNO, "it writes: the restarted host answers RST, and read() ends with ECONNRESET");
    final Expectation FINISHED = deciding(CLIENT, ERRNO, "writing again fails with EPIPE: nothing mends this socket");
    final Expectation RETRANSMITS =
            deciding(CLIENT, SOCK_DIAG, "while the host stays dark, the client sends its data again, so many times");
    final Expectation NO_ERROR = supporting(CLIENT, ERRNO, "meanwhile there is no error; read() has nothing (EAGAIN)");
    final Expectation TIMED_OUT = deciding(CLIENT, ERRNO, "when tcp_retries2 is exhausted, it ends with ETIMEDOUT");
    final Expectation NO_SYN =
            supporting(CLIENT, SEGMENTS, "SYNs in all: one for each connect(), as the kernel never reconnects");

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
