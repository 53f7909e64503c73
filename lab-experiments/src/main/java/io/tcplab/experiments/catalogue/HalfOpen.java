package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.wire.Side;
import java.time.Duration;

/** The other host dies silently: what a write does depends on whether the host has restarted. */
public final class HalfOpen extends AbstractExperiment {
    /** This many retransmissions must have gone out while there is no error yet; fewer than tcp_retries2. */
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
        wire();
        set(CLIENT, "net.ipv4.tcp_retries2", RETRIES2);
        takes(knobs -> Duration.ofMillis(200L << (knobs.get(RETRIES2) + 2)));
    }

    final Knob<Integer> RETRIES2 = integer("retries2", 3, 3, 6, """
            net.ipv4.tcp_retries2 of the client: how long it tries; the kernel's default is 15""");

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
        var wire = trial.wire();
        var restarted = trial.open(listener);
        trial.stepIfFaulty("the server loses power, and starts again", () -> wire.reboot(Side.SERVER));
        trial.observe(UNAWARE, equalTo(1), trial.client().count(ESTABLISHED));
        trial.step("the client writes");
        restarted.client().send(1).orThrow("send");
        restarted.answer(PATIENCE);
        trial.observe(RESET, equalTo("ECONNRESET"), read(restarted.client(), PATIENCE));
        trial.observe(FINISHED, equalTo("EPIPE"), restarted.client().send(1).name());
        restarted.client().close();

        var dark = trial.open(listener);
        trial.stepIfFaulty("the server loses power, and stays dark", () -> wire.silence(Side.SERVER));
        Start sending = Start.of(() -> dark.client().send(1).orThrow("send"));
        var retried = trial.client()
                .await(dark.client(), one -> one.unacknowledged() == 0 || one.retransmits() >= SEEN, PATIENCE);
        trial.observe(RETRANSMITS, atLeast(SEEN), retried.retransmits());
        trial.observe(NO_ERROR, equalTo("EAGAIN"), read(dark.client(), Duration.ZERO));

        trial.step("the client tries until tcp_retries2 is exhausted");
        dark.server().send(1);
        String end = read(dark.client(), Duration.ofSeconds(60)); // longer than the most retransmissions take
        trial.measure(RECEIVE, sending.ago());
        trial.observe(TIMED_OUT, equalTo("ETIMEDOUT"), end);
        trial.observe(NO_SYN, equalTo(2), OnTheWire.attempts(Side.CLIENT, trial.segments()));
    }
}
