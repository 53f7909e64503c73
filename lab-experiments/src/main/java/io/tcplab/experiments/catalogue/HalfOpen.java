package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.List;

/** The other host dies without a word: what writing comes to depends on whether it is there again. */
public final class HalfOpen implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Longer than the most retransmissions that can be asked for take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** So many retransmissions must have gone out while there is no error yet; fewer than tcp_retries2. */
    private static final int SEEN = 2;

    private static final String RETRIES = "net.ipv4.tcp_retries2";

    private static final Knob<Integer> RETRIES2 = Knob.integer(
            "retries2", 3, 3, 6, RETRIES + " of the client: how long it tries; the kernel's default is 15");

    static final Expectation UNAWARE =
            supporting(CLIENT, SOCK_DIAG, "the server has restarted, and the client is ESTABLISHED");
    static final Expectation RESET =
            deciding(CLIENT, ERRNO, "it writes: the restarted host answers RST, and read() ends with ECONNRESET");
    static final Expectation FINISHED =
            deciding(CLIENT, ERRNO, "writing again fails with EPIPE: nothing mends this socket");
    static final Expectation RETRANSMITS =
            deciding(CLIENT, SOCK_DIAG, "while the host stays dark, the client sends its data again, so many times");
    static final Expectation NO_ERROR =
            supporting(CLIENT, ERRNO, "meanwhile there is no error; read() has nothing (EAGAIN)");
    static final Expectation TIMED_OUT =
            deciding(CLIENT, ERRNO, "when tcp_retries2 is exhausted, it ends with ETIMEDOUT");
    static final Expectation NO_SYN =
            supporting(CLIENT, SEGMENTS, "SYNs in all: one for each connect(), as the kernel never reconnects");

    private static final Measure RECEIVE =
            Measure.timer("client.receive", Better.LOWER, "from sending to a dead host until the error");

    @Override
    public Story story() {
        return new Story(
                "half-open",
                "the other host dies silently: writing gets RST only if a host answers, else silence and ETIMEDOUT",
                """
                A host that loses power sends no FIN and no RST. The other end remains ESTABLISHED, and as long as it has
                nothing to send, for ever (RFC 9293, section 3.5.1). That writing reveals it by a RST is half
                true. It needs a host that answers: one that has started again, and knows nothing of the connection.
                Then the write itself succeeds, and what comes after it fails, by ECONNRESET and later EPIPE.

                If nobody answers there is no RST. The kernel sends the data again and again, at doubling intervals, and
                tells nobody. With tcp_retries2 at its default of 15 it gives up after about a quarter of an hour: ETIMEDOUT
                (tcp_write_timeout in net/ipv4/tcp_timer.c). The run lowers it. TCP_USER_TIMEOUT does that for one
                socket (and ends it, too, if a live peer keeps its window closed for that long), and keepalive finds the dead
                behind an idle one.

                Neither error mends anything. The kernel never connects again; that is for the application to do.""",
                "the server loses power; in the first part it starts again, in the second it stays dark",
                "the server stays up and answers",
                List.of(RETRIES));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(RETRIES2);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(UNAWARE, RESET, FINISHED, RETRANSMITS, NO_ERROR, TIMED_OUT, NO_SYN);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain()
                .withWire()
                .with(CLIENT, RETRIES, knobs.get(RETRIES2).toString());
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofMillis(200L << (knobs.get(RETRIES2) + 2));
    }

    @Override
    public List<Measure> measures() {
        return List.of(RECEIVE);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), 8);
        restarted(trial, Connection.open(trial.client(), listener));
        dark(trial, Connection.open(trial.client(), listener));
        List<WireSegment> segments = trial.segments();
        trial.observe(NO_SYN, equalTo(2), () -> OnTheWire.attempts(Side.CLIENT, segments));
    }

    private static void restarted(Trial trial, Connection connection) throws InterruptedException {
        if (trial.faulty()) {
            trial.step("the server loses power, and starts again");
            trial.wire().reboot(Side.SERVER);
        }
        long unaware = trial.client().census().count(ESTABLISHED);
        trial.step("the client writes");
        CallResult<byte[]> answer = ask(connection);
        CallResult<Integer> again = connection.client().send(1);
        connection.client().close();
        trial.observe(UNAWARE, equalTo(1), () -> unaware);
        trial.observe(RESET, equalTo("ECONNRESET"), answer::name);
        trial.observe(FINISHED, equalTo("EPIPE"), again::name);
    }

    private static void dark(Trial trial, Connection connection) throws InterruptedException {
        if (trial.faulty()) {
            trial.step("the server loses power, and stays dark");
            trial.wire().silence(Side.SERVER);
        }
        Socket client = connection.client();
        long start = System.nanoTime();
        client.send(1).orThrow("send");
        SocketQuery writing =
                SocketQuery.ofStates(ESTABLISHED).withLocalPort(client.local().getPort());
        Census retried =
                trial.client().await(writing, census -> acknowledged(census) || retransmits(census) >= SEEN, SOON);
        CallResult<byte[]> meanwhile = client.receive(1, Duration.ZERO);
        trial.step("the client tries until tcp_retries2 is exhausted");
        connection.server().send(1);
        CallResult<byte[]> end = client.receive(1, PATIENCE);
        trial.measure(RECEIVE, (System.nanoTime() - start) / 1e9);
        trial.observe(RETRANSMITS, atLeast(SEEN), () -> retransmits(retried));
        trial.observe(NO_ERROR, equalTo("EAGAIN"), meanwhile::name);
        trial.observe(TIMED_OUT, equalTo("ETIMEDOUT"), end::name);
    }

    /** The client writes a byte; if the server gets it, it writes one back. */
    private static CallResult<byte[]> ask(Connection connection) throws InterruptedException {
        connection.client().send(1).orThrow("send");
        if (connection.server().receive(1, SOON).ok()) {
            connection.server().send(1).orThrow("send back");
        }
        return connection.client().receive(1, SOON);
    }

    private static boolean acknowledged(Census census) {
        return census.sockets().stream().allMatch(socket -> socket.sendQueue() == 0);
    }

    private static long retransmits(Census census) {
        return census.sockets().stream()
                .mapToLong(socket -> socket.timer().retransmits())
                .max()
                .orElse(0);
    }
}
