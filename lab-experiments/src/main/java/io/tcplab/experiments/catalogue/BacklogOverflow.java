package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.times;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;

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
import io.tcplab.experiments.Timetable;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.StopAccepting;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Nobody accepts: the kernel fills the accept queue on its own, then drops SYNs, and clients retransmit them. */
public final class BacklogOverflow implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Whoever accepts is given this long before the queue counts as full: a busy one may be about to. */
    private static final Duration TIME_TO_ACCEPT = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A look may be of any moment while it lasted; the timetable is held to a tenth of a second. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(50);

    private static final Knob<Integer> BACKLOG = Knob.integer("backlog", 16, 0, 10_000, "second argument of listen(2)");
    private static final Knob<Integer> EXTRA =
            Knob.integer("extra", 8, 1, 1_000, "clients that connect once the accept queue is full");
    private static final Knob<Integer> RETRANSMISSIONS =
            Knob.integer("retransmissions", 3, 1, 5, "SYN retransmissions to wait for");

    private static final Knob<Integer> CLIENTS =
            Knob.integer("clients", 200, 1, 10_000, "clients that connect where settings are compared");

    static final Expectation QUEUE_FULL =
            deciding(SERVER, SOCK_DIAG, "the accept queue holds min(backlog, somaxconn) + 1 (the listener's Recv-Q)");
    static final Expectation NOT_ACCEPTED =
            deciding(SERVER, SOCK_DIAG, "those are ESTABLISHED before any accept(): no process owns them (inode 0)");
    static final Expectation OVERFLOWS =
            deciding(SERVER, COUNTERS, "each further SYN is dropped and counted (TcpExtListenOverflows)");
    static final Expectation DROPS = deciding(SERVER, COUNTERS, "ListenDrops counts the same (TcpExtListenDrops)");
    static final Expectation SYN_UNANSWERED =
            deciding(CLIENT, SOCK_DIAG, "the clients that came later are in SYN_SENT");
    static final Expectation TIMETABLE =
            deciding(CLIENT, SOCK_DIAG, "they retransmit their SYN on the kernel's timetable, in seconds");

    private static final Measure QUEUE = Measure.count(
            "server.accept-queue",
            "connections",
            Better.HIGHER,
            "connections that wait to be accepted, once it is full");
    private static final Measure UNANSWERED =
            Measure.count("client.SYN_SENT", "connections", Better.LOWER, "clients whose SYN isn't answered");
    private static final Measure DROPPED =
            Measure.count("server.ListenDrops", "segments", Better.LOWER, "SYNs that were dropped");

    private static final Measure MEMORY = Measure.memory(SERVER, "as they wait for accept()");

    @Override
    public Story story() {
        return new Story(
                "backlog-overflow",
                "nobody accepts: the accept queue fills, SYNs are dropped, clients retransmit",
                """
                The kernel completes the handshake without the process: a client is connected as soon as its connection lies in
                the listener's accept queue, whether anybody calls accept() or not. The queue takes one more than
                min(backlog, net.core.somaxconn), since the kernel compares with > (sk_acceptq_is_full). After that it drops every SYN without a
                word, and counts it.

                The clients that came too late see nothing but silence. They retransmit: with tcp_syn_linear_timeouts
                (Linux 6.5 and later, 4 by default) at 1, 2, 3, 4 and 5 seconds, then at doubling intervals; before that at 1, 3, 7, 15 seconds.
                That is where connect times of almost exactly 1 or 3 seconds come from. The remedy is a process that accepts
                faster; a longer queue only hides bursts.""",
                "the server never calls accept()",
                "the server accepts",
                List.of(
                        "net.core.somaxconn",
                        "net.ipv4.tcp_abort_on_overflow",
                        "net.ipv4.tcp_syn_retries",
                        "net.ipv4.tcp_syn_linear_timeouts"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BACKLOG, EXTRA, RETRANSMISSIONS, CLIENTS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(QUEUE_FULL, NOT_ACCEPTED, OVERFLOWS, DROPS, SYN_UNANSWERED, TIMETABLE);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(BACKLOG, 2, 20 + 2 * (knobs.get(EXTRA) + knobs.get(CLIENTS)));
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(knobs.get(RETRANSMISSIONS) + 3L);
    }

    @Override
    public List<Measure> measures() {
        return List.of(QUEUE, UNANSWERED, DROPPED, MEMORY);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        int clients = trial.knob(CLIENTS);
        RunningServer server = trial.server()
                .serve(new StopAccepting(), ServeOptions.defaults().withBacklog(trial.knob(BACKLOG)));
        trial.step("%d clients knock".formatted(clients));
        connect(trial, server, clients);
        Census settled = trial.server().await(census -> queued(census) + dropped(trial) >= clients, SOON);
        trial.measure(DROPPED, (double) dropped(trial)); // before any of them is sent again, after a second
        trial.measure(QUEUE, (double) queued(settled));
        trial.measure(UNANSWERED, trial.client().census().count(SYN_SENT));
        trial.measure(MEMORY, () -> (double) trial.server().memory().bytes());
    }

    private static long queued(Census census) {
        return census.in(LISTEN).getFirst().acceptQueue();
    }

    private static long dropped(Trial trial) {
        return trial.server().counters().get("TcpExtListenDrops");
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int somaxconn = Integer.parseInt(trial.server().sysctl("net.core.somaxconn"));
        int room = Math.min(trial.knob(BACKLOG), somaxconn) + 1;
        int extra = trial.knob(EXTRA);
        RunningServer server = trial.server()
                .serve(
                        trial.faulty() ? new StopAccepting() : new WellBehaved(false),
                        ServeOptions.defaults().withBacklog(trial.knob(BACKLOG)));

        trial.step("%d clients fill the accept queue".formatted(room));
        connect(trial, server, room);
        trial.server().await(census -> census.count(ESTABLISHED) == room, SOON);
        Census full = trial.server().await(BacklogOverflow::accepted, TIME_TO_ACCEPT);
        trial.observe(
                QUEUE_FULL, equalTo(room), () -> full.in(LISTEN).getFirst().acceptQueue());
        trial.observe(
                NOT_ACCEPTED,
                equalTo(room),
                () -> full.in(ESTABLISHED).stream()
                        .filter(socket -> !socket.hasOwner())
                        .count());

        trial.step("%d more clients knock".formatted(extra));
        connect(trial, server, extra);
        Census late = trial.client()
                .await(census -> census.count(SYN_SENT) + census.count(ESTABLISHED) == room + extra, SOON);
        trial.observe(SYN_UNANSWERED, equalTo(extra), () -> (long) late.count(SYN_SENT));

        trial.step("they retransmit their SYN");
        Optional<List<Double>> timetable = retransmissions(trial, late);
        Counters dropped = trial.server().counters();
        trial.observe(
                TIMETABLE,
                times(Timetable.syn(trial.client(), trial.knob(RETRANSMISSIONS)), 10),
                () -> timetable.orElseThrow(() -> new EvidenceMissing(
                        "the machine was too busy: the timer was looked at too late, or the look took too long")));
        trial.observe(OVERFLOWS, atLeast(extra), () -> dropped.get("TcpExtListenOverflows"));
        trial.observe(DROPS, atLeast(extra), () -> dropped.get("TcpExtListenDrops"));
    }

    private static boolean accepted(Census census) {
        return census.in(LISTEN).getFirst().acceptQueue() == 0;
    }

    private static void connect(Trial trial, RunningServer server, int count) {
        LoadPlan plan = trial.client()
                .plan(new Hold(), server)
                .withPayloadBytes(0)
                .withConcurrency(count)
                .withStop(new Stop.AfterCount(count));
        trial.client().load(plan);
    }

    /**
     * When the first of them sent its SYN again, in seconds from its first SYN: each look at it tells when its
     * retransmission timer will go off next. The last one is waited for, too.
     *
     * @return empty if one of the looks came too late, or took too long to tell a time
     */
    private static Optional<List<Double>> retransmissions(Trial trial, Census late) throws InterruptedException {
        List<Double> times = new ArrayList<>();
        if (late.count(SYN_SENT) == 0) {
            return Optional.of(times);
        }
        SocketQuery one = SocketQuery.ofStates(SYN_SENT)
                .withLocalPort(late.in(SYN_SENT).getFirst().local().getPort())
                .withTcpInfo();
        long sentAt = 0;
        boolean inTime = true;
        for (int sent = 0; sent < trial.knob(RETRANSMISSIONS); sent++) {
            int already = sent;
            Census look =
                    trial.client().await(one, census -> retransmits(census) >= already && isTelling(census), PATIENCE);
            inTime &= retransmits(look) == already && isTelling(look);
            sentAt = sent == 0 ? nextAt(look) - rto(look) : sentAt;
            times.add((nextAt(look) - sentAt) / 1e9);
        }
        trial.client().await(one, census -> retransmits(census) >= times.size(), PATIENCE);
        return inTime ? Optional.of(times) : Optional.empty();
    }

    /** Whether it is of a known moment, and the timer isn't overdue: then nothing tells since when. */
    private static boolean isTelling(Census census) {
        return System.nanoTime() - census.atNanos() < LONGEST_LOOK.toNanos()
                && only(census)
                        .filter(socket -> socket.timer().expiresIn().isPositive())
                        .isPresent();
    }

    private static int retransmits(Census census) {
        return only(census).map(socket -> socket.timer().retransmits()).orElse(0);
    }

    /** When its timer goes off, on the census's clock. */
    private static long nextAt(Census census) {
        return census.atNanos()
                + only(census)
                        .map(socket -> socket.timer().expiresIn().toNanos())
                        .orElse(0L);
    }

    /** What the kernel says that it waits after a first SYN, in nanoseconds. */
    private static long rto(Census census) {
        return only(census)
                .flatMap(TcpSocket::info)
                .map(info -> TimeUnit.MICROSECONDS.toNanos(info.require(TcpInfoField.RTO)))
                .orElse(0L);
    }

    private static Optional<TcpSocket> only(Census census) {
        return census.sockets().stream().findFirst();
    }
}
