package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Source.BYTES;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.client.Stop;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.List;

/** The kernel keeps no more TIME_WAIT than tcp_max_tw_buckets; what is beyond is closed without it, and only counted. */
public final class TimeWaitBuckets implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Knob<Integer> BUCKETS =
            Knob.integer("buckets", 100, 1, 10_000, "net.ipv4.tcp_max_tw_buckets of the side that closes first");
    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 500, 2, 20_000, "connections that it closes; must be more than buckets");
    private static final Knob<Integer> IN_FLIGHT =
            Knob.integer("in-flight", 16, 1, 1_000, "the most connections open at a time");

    static final Expectation CAPPED = deciding(CLIENT, SOCK_DIAG, "no more than tcp_max_tw_buckets are in TIME_WAIT");
    static final Expectation OVERFLOW =
            deciding(CLIENT, COUNTERS, "each close beyond that is counted (TcpExtTCPTimeWaitOverflow)");
    static final Expectation UNNOTICED =
            supporting(CLIENT, BYTES, "no conversation notices: each is answered to the end");

    private static final Measure NOT_KEPT = Measure.count(
            "client.TCPTimeWaitOverflow",
            "connections",
            Better.LOWER,
            "connections that were closed without TIME_WAIT");

    private static final Measure MEMORY = Measure.memory(CLIENT, "when all have been closed");

    @Override
    public Story story() {
        return new Story(
                "time-wait-buckets",
                "beyond tcp_max_tw_buckets a connection is closed without TIME_WAIT, silently",
                """
                TIME_WAIT protects the next connection with the same four numbers from stray segments of the last one,
                and answers the peer if it repeats its FIN. There is a limit to it: once net.ipv4.tcp_max_tw_buckets
                of them exist in a namespace, the kernel closes further connections at once (inet_twsk_alloc fails,
                tcp_time_wait counts TCPTimeWaitOverflow and calls tcp_done). No call fails, nothing but a
                rate-limited line in the kernel's log tells of it, and the application works as before.

                That is why lowering the limit "cures" TIME_WAIT on so many lists of tuned sysctls. What it does is to
                give up the protection for some connections, whichever come last. FIN_WAIT_2 of closed sockets is kept
                in the same buckets, and is cut off likewise. Each bucket takes some 256 bytes; 100,000 of them are no
                reason to lower it.""",
                "tcp_max_tw_buckets is less than the connections that are closed",
                "tcp_max_tw_buckets is the kernel's default",
                List.of("net.ipv4.tcp_max_tw_buckets"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BUCKETS, CONNECTIONS, IN_FLIGHT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(CAPPED, OVERFLOW, UNNOTICED);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        if (knobs.get(CONNECTIONS) <= knobs.get(BUCKETS)) {
            throw new UsageException("time-wait-buckets: connections must be more than buckets");
        }
        String buckets = knobs.get(BUCKETS).toString();
        CellPlan plan = CellPlan.plain().withTimeWaitKept();
        return faulty ? plan.with(CLIENT, "net.ipv4.tcp_max_tw_buckets", buckets) : plan;
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(IN_FLIGHT, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.peak(CLIENT, TIME_WAIT, Better.NEITHER), NOT_KEPT, MEMORY);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int buckets = trial.knob(BUCKETS);
        RunningServer server = trial.server().serve(new WellBehaved(false));

        trial.step("%,d connections, closed by the client".formatted(n));
        LoadPlan plan = trial.client()
                .plan(new ShortLived(1, Closer.CLIENT), server)
                .withConcurrency(trial.knob(IN_FLIGHT))
                .withStop(new Stop.AfterCount(n));
        LoadReport report = trial.client().load(plan).awaitEach(SOON);
        Census closed = trial.client()
                .await(
                        census -> census.count(ESTABLISHED) + census.count(FIN_WAIT1) + census.count(FIN_WAIT2) == 0,
                        SOON);
        Counters counters = trial.client().counters();
        trial.observe(CAPPED, equalTo(buckets), () -> (long) closed.count(TIME_WAIT));
        trial.observe(OVERFLOW, equalTo(n - buckets), () -> counters.get("TcpExtTCPTimeWaitOverflow"));
        trial.observe(UNNOTICED, equalTo(n), report::completed);
        trial.measure(NOT_KEPT, (double) counters.get("TcpExtTCPTimeWaitOverflow"));
        trial.measure(MEMORY, () -> (double) trial.client().memory().bytes());
    }
}
