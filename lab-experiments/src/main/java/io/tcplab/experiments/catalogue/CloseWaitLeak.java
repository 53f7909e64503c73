package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.seconds;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.FDS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.Hold;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
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
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.NeverClose;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.List;

/** The peers close, the server reads EOF and forgets {@code close()}: CLOSE_WAIT for ever. */
public final class CloseWaitLeak implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 500, 1, 100_000, "connections that the peers open and then close");
    private static final Knob<Duration> FIN_TIMEOUT =
            Knob.seconds("fin-timeout", 5, 1, 60, "tcp_fin_timeout of the peers, which give up FIN_WAIT_2 after it");

    static final Expectation STUCK =
            deciding(SERVER, SOCK_DIAG, "every connection is in CLOSE_WAIT, EOF read (Recv-Q 0), owned by a process");
    static final Expectation HELD = deciding(SERVER, FDS, "the server's process holds a file descriptor of each");
    static final Expectation PEERS_WAIT =
            deciding(CLIENT, SOCK_DIAG, "every peer is in FIN_WAIT_2: its FIN was acknowledged, none came back");
    static final Expectation PEERS_LEAVE =
            deciding(CLIENT, SOCK_DIAG, "the peers' sockets are gone after tcp_fin_timeout");
    static final Expectation STILL_STUCK = deciding(
            SERVER, SOCK_DIAG, "CLOSE_WAIT outlives them, but for what a peer ends by RST: there is no timeout");

    private static final Measure PEERS_LEFT = Measure.timer(
            "client.FIN_WAIT_2.seconds", Better.NEITHER, "from the peers' close until the last FIN_WAIT_2 is gone");

    private static final Measure LEAKED = Measure.memory(SERVER, "in CLOSE_WAIT");
    private static final Measure PEERS_KEEP = Measure.memory(CLIENT, "in FIN_WAIT_2, closed and owned by nobody");

    @Override
    public Story story() {
        return new Story(
                "close-wait-leak",
                "a server that forgets close() keeps every connection in CLOSE_WAIT",
                """
                A peer closes: its FIN arrives, the server's kernel acknowledges it and moves the connection to CLOSE_WAIT.
                From there only the server's own close() leads on, and the kernel waits for it without end. A server that
                reads the EOF and does nothing leaks a socket and a file descriptor for each connection it ever had, until
                accept() fails with EMFILE.

                The two sides age differently. The peer's FIN_WAIT_2 belongs to nobody any more, so the kernel drops it after
                tcp_fin_timeout; then not even the peer knows the connection. No sysctl shortens CLOSE_WAIT: the remedy is
                a close() on the path that sees EOF. Recv-Q 0 tells that nothing is unread, the FIN included; a server that
                never got that far shows Recv-Q 1 or more.""",
                "the server reads EOF and never closes",
                "the server closes when it reads EOF",
                List.of("net.ipv4.tcp_fin_timeout"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, FIN_TIMEOUT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(STUCK, HELD, PEERS_WAIT, PEERS_LEAVE, STILL_STUCK);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        String finTimeout = Long.toString(knobs.get(FIN_TIMEOUT).toSeconds());
        return CellPlan.plain().with(CLIENT, "net.ipv4.tcp_fin_timeout", finTimeout);
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return knobs.get(FIN_TIMEOUT).plusSeconds(2);
    }

    @Override
    public List<Measure> measures() {
        return List.of(
                Measure.peak(SERVER, CLOSE_WAIT, Better.LOWER),
                Measure.peak(CLIENT, FIN_WAIT2, Better.NEITHER),
                PEERS_LEFT,
                LEAKED,
                PEERS_KEEP);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Duration finTimeout = Duration.ofSeconds(Long.parseLong(trial.client().sysctl("net.ipv4.tcp_fin_timeout")));

        trial.step("%d peers connect".formatted(n));
        RunningServer server = trial.server().serve(trial.faulty() ? new NeverClose() : new WellBehaved(false));
        LoadPlan plan = trial.client()
                .plan(new Hold(), server)
                .withPayloadBytes(0) // an answer that a peer hasn't read would turn its close() into a RST
                .withConcurrency(n)
                .withStop(new Stop.AfterCount(n));
        RunningLoad peers = trial.client().load(plan);
        requireAll(trial.server().await(census -> census.count(ESTABLISHED) == n, SOON), n);

        trial.step("the peers close");
        long releasedAt = System.nanoTime();
        peers.release();
        trial.client().await(census -> census.count(ESTABLISHED) + census.count(FIN_WAIT1) == 0, SOON);
        long closedAt = System.nanoTime();
        double closing = (closedAt - releasedAt) / 1e9;
        Census stuck = trial.server().await(census -> census.count(ESTABLISHED) + unread(census) == 0, SOON);
        Census peersWaiting =
                trial.client().census(); // after the server's: had it closed, they would be past FIN_WAIT_2
        trial.observe(
                STUCK,
                equalTo(n),
                () -> stuck.in(CLOSE_WAIT).stream()
                        .filter(socket -> socket.recvQueue() == 0 && socket.hasOwner())
                        .count());
        trial.observe(HELD, equalTo(n), () -> trial.server().descriptors(stuck.in(CLOSE_WAIT)));
        Duration closedFor = Duration.ofNanos(System.nanoTime() - releasedAt);
        trial.observe(PEERS_WAIT, equalTo(n), () -> {
            if (peersWaiting.count(FIN_WAIT2) < n && closedFor.compareTo(finTimeout) >= 0) {
                throw new EvidenceMissing(
                        "the machine was too busy: it was looked %d s after the first close, and FIN_WAIT_2 ends after %d s"
                                .formatted(closedFor.toSeconds(), finTimeout.toSeconds()));
            }
            return (long) peersWaiting.count(FIN_WAIT2);
        });

        trial.measure(LEAKED, () -> (double) trial.server().memory().bytes());
        trial.measure(PEERS_KEEP, () -> (double) trial.client().memory().bytes());

        trial.step("FIN_WAIT_2 expires at the peers");
        Lasted peersLeft = Lasted.await(
                trial.client(),
                SocketQuery.ofStates(FIN_WAIT2),
                census -> census.sockets().isEmpty(),
                releasedAt,
                closedAt,
                finTimeout.multipliedBy(2).plus(SOON));
        trial.measure(PEERS_LEFT, peersLeft.most());
        double longest = closing + 1.1 * finTimeout.toSeconds() + 1;
        // Where the server closes they leave FIN_WAIT_2, too, but aren't gone.
        boolean goneOn = trial.client().census().count(TIME_WAIT) > 0;
        trial.observe(
                PEERS_LEAVE,
                seconds(0.95 * finTimeout.toSeconds(), longest),
                () -> goneOn ? Double.POSITIVE_INFINITY : peersLeft.against(longest));
        trial.observe(
                STILL_STUCK,
                equalTo(n),
                () -> trial.server().census().count(CLOSE_WAIT)
                        + trial.client().counters().get("TcpOutRsts"));
    }

    private static void requireAll(Census connected, int n) {
        if (connected.count(ESTABLISHED) != n) {
            throw new EvidenceMissing("the machine was too busy: %d of %d peers were connected"
                    .formatted(connected.count(ESTABLISHED), n));
        }
    }

    private static long unread(Census census) {
        return census.in(CLOSE_WAIT).stream().mapToLong(TcpSocket::recvQueue).sum();
    }
}
