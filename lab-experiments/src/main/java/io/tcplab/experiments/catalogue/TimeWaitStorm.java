package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.seconds;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.TRANSITIONS;
import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.KeepAlive;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.client.Stop;
import io.tcplab.experiments.Bound;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.server.WellBehaved;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection for each request: whoever closes first gathers TIME_WAIT, and a client runs out of ports. */
public final class TimeWaitStorm implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Once ports are scarce connect() itself takes milliseconds, which is the point. Only a storm that outlasts its TIME_WAIT is none. */
    private static final Duration MOST_LAG = Duration.ofSeconds(55);

    private static final int FIRST_PORT = 10_000;
    private static final int MANY = 64;
    private static final KeepAlive POOL = new KeepAlive(8);

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h, in seconds. */
    private static final double TIMEWAIT_LEN = 60;

    private static final double SHORTEST = 0.97 * TIMEWAIT_LEN;

    /** A timer that far off is rounded up to the step of its wheel, by up to 4 s (kernel/time/timer.c). */
    private static final double LONGEST = 66;

    /** What can be done about a storm, one at a time. */
    enum Remedy {
        NONE,
        KEEP_ALIVE,
        DESTINATIONS,
        TW_REUSE,
        LINGER_ZERO
    }

    private static final Knob<Integer> RATE = Knob.integer("rate", 2_000, 10, 50_000, "requests a second");
    private static final Knob<Integer> SECONDS = Knob.integer("seconds", 3, 1, 60, "how long they come");
    private static final Knob<Integer> PORTS =
            Knob.integer("ports", 4_000, 100, 50_000, "size of the client's ip_local_port_range");
    private static final Knob<Closer> CLOSER = Knob.choice("closer", Closer.CLIENT, "who closes each connection first");
    private static final Knob<Remedy> REMEDY =
            Knob.choice("remedy", Remedy.NONE, "what is done about it; then the remedy is what the run tests");
    private static final Knob<Integer> FIN_TIMEOUT =
            Knob.integer("fin-timeout", 5, 1, 60, "tcp_fin_timeout on both hosts, in seconds");
    private static final Knob<Integer> IN_FLIGHT =
            Knob.integer("in-flight", 256, 1, 4_000, "the most connections open at a time");

    static final Expectation PORTS_RUN_OUT =
            deciding(CLIENT, ERRNO, "the client runs out of ports: connect fails with EADDRNOTAVAIL");
    static final Expectation LASTS_60_S =
            supporting(CLIENT, SOCK_DIAG, "TIME_WAIT lasts 60 s whatever tcp_fin_timeout says");
    static final Expectation ALL_TRANSITIONS =
            supporting(CLIENT, TRANSITIONS, "both ends of each connection went through all their five state changes");
    static final Expectation REMEDY_WORKS =
            deciding(CLIENT, ERRNO, "with the remedy no connect fails with EADDRNOTAVAIL");

    private static final Measure CONNECTIONS =
            Measure.count("client.connections", "connections", Better.HIGHER, "connections that were established");
    private static final Measure RATE_REACHED = new Measure(
            "client.rate", "connections/s", Better.HIGHER, 0.1, "connections established a second, until the last");
    private static final Measure NO_PORT = Measure.count(
            "client.EADDRNOTAVAIL", "connections", Better.LOWER, "connects that failed since there was no port");
    private static final Measure FAILED =
            Measure.count("client.failed", "connections", Better.LOWER, "requests that failed, for whatever reason");
    private static final Measure CONNECT_P50 = Measure.latency(
            "client.connect.p50", Better.LOWER, "time to connect, from the intended time: half took longer");
    private static final Measure CONNECT_P99 = Measure.latency(
            "client.connect.p99",
            Better.LOWER,
            "time to connect, from the intended time: one in a hundred took longer");

    @Override
    public Story story() {
        return new Story(
                "time-wait-storm",
                "a connection for each request: TIME_WAIT piles up at whoever closes first, and ports run out",
                """
                Who sends the first FIN keeps the connection in TIME_WAIT for 60 seconds, a constant of the Linux kernel
                (TCP_TIMEWAIT_LEN). No sysctl changes it: tcp_fin_timeout, which is set here to show it, governs FIN_WAIT_2. At r
                connections a second that is 60·r sockets. They are small (some 256 bytes) and harmless on a server. On a client each one keeps a
                port from being used towards the same address and port, so after as many connections as
                ip_local_port_range has ports connect() fails with EADDRNOTAVAIL. Long before that, connect() takes longer: the kernel searches
                for a free port.

                Remedies, as --set remedy=…: keep-alive (the same requests over a few connections; also what the control does),
                destinations (more address:port pairs to connect to: each has all ports anew), tw-reuse (net.ipv4.tcp_tw_reuse=1: an outgoing
                connection may take over a TIME_WAIT of at least a second), linger-zero (RST instead of TIME_WAIT, at
                the price that linger-reset shows). With a remedy the run tests the remedy, and its control is the storm.""",
                "a new connection for each request (with a remedy: the remedy)",
                "the same requests over a pool of kept connections (with a remedy: the storm without it)",
                List.of(
                        "net.ipv4.ip_local_port_range",
                        "net.ipv4.tcp_tw_reuse",
                        "net.ipv4.tcp_fin_timeout",
                        "net.ipv4.tcp_max_tw_buckets",
                        "net.ipv4.tcp_timestamps"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(RATE, SECONDS, PORTS, CLOSER, REMEDY, FIN_TIMEOUT, IN_FLIGHT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        if (knobs.get(REMEDY) != Remedy.NONE) {
            return List.of(REMEDY_WORKS);
        }
        List<Expectation> all = new ArrayList<>(List.of(gathers(knobs.get(CLOSER)), spares(knobs.get(CLOSER))));
        if (portsRunOut(knobs)) {
            all.add(PORTS_RUN_OUT);
        }
        all.add(LASTS_60_S);
        all.add(ALL_TRANSITIONS);
        return all;
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        Remedy remedy = remedy(knobs, faulty);
        if (knobs.get(REMEDY) != Remedy.NONE && !portsRunOut(knobs)) {
            throw new UsageException(
                    "time-wait-storm: a remedy is tested against a storm that runs out of ports: rate × seconds must be more than ports, and closer=client");
        }
        String finTimeout = knobs.get(FIN_TIMEOUT).toString();
        int lastPort = FIRST_PORT + knobs.get(PORTS) - 1;
        CellPlan plan = CellPlan.plain()
                .withTimeWaitKept()
                .with(CLIENT, "net.ipv4.ip_local_port_range", FIRST_PORT + " " + lastPort)
                .with(CLIENT, "net.ipv4.tcp_fin_timeout", finTimeout)
                .with(SERVER, "net.ipv4.tcp_fin_timeout", finTimeout)
                .with(CLIENT, "net.ipv4.tcp_tw_reuse", remedy == Remedy.TW_REUSE ? "1" : "0")
                .withTransitions();
        return remedy == Remedy.DESTINATIONS ? plan.withServerAddresses(MANY) : plan;
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(IN_FLIGHT, 2, 40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        Duration storm = Duration.ofSeconds(knobs.get(SECONDS) + 1L);
        return knobs.get(REMEDY) == Remedy.NONE ? storm.plusSeconds(61) : storm;
    }

    @Override
    public Bound bound() {
        return Bound.THROUGHPUT;
    }

    @Override
    public List<Measure> measures() {
        return List.of(
                NO_PORT,
                FAILED,
                CONNECTIONS,
                RATE_REACHED,
                CONNECT_P50,
                CONNECT_P99,
                Measure.peak(CLIENT, TIME_WAIT, Better.NEITHER),
                Measure.peak(SERVER, TIME_WAIT, Better.NEITHER));
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(knobs.get(SECONDS) + 1L);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        boolean serverFirst = trial.knob(CLOSER) == Closer.SERVER;
        storm(trial, trial.server().serve(new WellBehaved(serverFirst && !kept(trial))));
        trial.client()
                .await(
                        SocketQuery.ofStates(ESTABLISHED, FIN_WAIT1, FIN_WAIT2),
                        census -> census.sockets().isEmpty() || kept(trial),
                        SOON);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Closer closer = trial.knob(CLOSER);
        Host gatherer = closer == Closer.CLIENT ? trial.client() : trial.server();
        RunningServer first = trial.server().serve(new WellBehaved(closer == Closer.SERVER));
        RunningServer server = trial.server().serve(new WellBehaved(closer == Closer.SERVER && !kept(trial)));

        trial.step("one connection goes ahead, to see how long its TIME_WAIT lasts");
        // From a port that the storm can't get at, or it might take this TIME_WAIT over.
        InetSocketAddress ahead =
                new InetSocketAddress(trial.client().addresses().getFirst(), FIRST_PORT - 1);
        long notYet = System.nanoTime();
        LoadPlan one = trial.client().plan(new ShortLived(1, closer), first).withSources(List.of(ahead));
        trial.client().load(one).awaitEach(SOON);
        Census begun = gatherer.await(census -> census.count(TIME_WAIT) > 0, SOON);

        long begunAt = System.nanoTime();
        LoadReport report = storm(trial, server);
        if (trial.knob(REMEDY) != Remedy.NONE) {
            trial.observe(REMEDY_WORKS, equalTo(0), () -> report.failed("EADDRNOTAVAIL"));
            return;
        }
        observeStorm(trial, report, gatherer);

        trial.step("waiting for the first TIME_WAIT to end");
        Lasted lasted = Lasted.await(
                gatherer, only(begun), census -> census.count(TIME_WAIT) == 0, notYet, begunAt, Duration.ofSeconds(75));
        trial.observe(LASTS_60_S, seconds(SHORTEST, LONGEST), () -> lasted.against(SHORTEST, LONGEST));
    }

    private static LoadReport storm(Trial trial, RunningServer server) throws InterruptedException {
        trial.step("%,d requests a second".formatted(trial.knob(RATE)));
        Duration storm = Duration.ofSeconds(trial.knob(SECONDS));
        LoadReport report = trial.client().load(plan(trial, server)).awaitEach(storm.plus(MOST_LAG), MOST_LAG);
        measure(trial, report);
        return report;
    }

    private static void observeStorm(Trial trial, LoadReport report, Host gatherer) throws InterruptedException {
        Closer closer = trial.knob(CLOSER);
        trial.server().await(TimeWaitStorm::quiet, SOON);
        trial.client().await(TimeWaitStorm::quiet, SOON);
        long connections = Math.min((long) trial.knob(RATE) * trial.knob(SECONDS), trial.knob(PORTS));
        // A client that closes last may use its port again at once, and the new connection takes over the server's
        // TIME_WAIT. It draws from every second port while there are some (__inet_hash_connect), and some more than
        // once.
        long most = closer == Closer.CLIENT ? connections * 9 / 10 : connections / 4;
        Census piled = gatherer.await(census -> census.count(TIME_WAIT) >= most, Duration.ofSeconds(1));
        trial.observe(gathers(closer), atLeast(most), () -> (long) piled.count(TIME_WAIT));
        Host other = closer == Closer.CLIENT ? trial.server() : trial.client();
        trial.observe(spares(closer), equalTo(0), () -> (long) other.census().count(TIME_WAIT));
        if (closer == Closer.CLIENT && connections == trial.knob(PORTS)) {
            trial.observe(PORTS_RUN_OUT, atLeast(1), () -> {
                long failed = report.failed("EADDRNOTAVAIL");
                if (failed == 0 && report.elapsed().toSeconds() >= TIMEWAIT_LEN) {
                    throw new EvidenceMissing("the machine was too busy: the storm took %d s, and TIME_WAIT lasts 60"
                            .formatted(report.elapsed().toSeconds()));
                }
                return failed;
            });
        }
        trial.observe(ALL_TRANSITIONS, equalTo("10 each"), () -> changesEach(trial.transitions()));
    }

    /** Whether all that was to be closed is, so that no state changes any more but by TIME_WAIT's end. */
    private static boolean quiet(Census census) {
        return census.sockets().size() == census.count(LISTEN) + census.count(TIME_WAIT);
    }

    private static LoadPlan plan(Trial trial, RunningServer server) {
        Remedy remedy = trial.faulty() ? trial.knob(REMEDY) : Remedy.NONE;
        Load load = kept(trial) ? POOL : new ShortLived(1, trial.knob(CLOSER));
        LoadPlan plan = trial.client()
                .plan(load, server)
                .withRate(trial.knob(RATE))
                .withConcurrency(trial.knob(IN_FLIGHT))
                .withStop(new Stop.AfterCount((long) trial.knob(RATE) * trial.knob(SECONDS)))
                .withLingerZero(remedy == Remedy.LINGER_ZERO);
        return remedy == Remedy.DESTINATIONS ? plan.withTargets(server.addresses()) : plan;
    }

    /** Whether this arm keeps its connections: the control of the storm does, and the remedy of that name. */
    private static boolean kept(Trial trial) {
        Remedy remedy = trial.knob(REMEDY);
        return trial.faulty() ? remedy == Remedy.KEEP_ALIVE : remedy == Remedy.NONE;
    }

    private static Remedy remedy(KnobValues knobs, boolean faulty) {
        return faulty ? knobs.get(REMEDY) : Remedy.NONE;
    }

    /** Ports run out only where TIME_WAIT keeps them from being used again: at the client. */
    private static boolean portsRunOut(KnobValues knobs) {
        long requests = (long) knobs.get(RATE) * knobs.get(SECONDS);
        return knobs.get(CLOSER) == Closer.CLIENT && requests > knobs.get(PORTS);
    }

    private static Expectation gathers(Closer closer) {
        return deciding(role(closer), SOCK_DIAG, "TIME_WAIT gathers at the side that closes first");
    }

    private static Expectation spares(Closer closer) {
        Role other = role(closer) == CLIENT ? SERVER : CLIENT;
        return supporting(other, SOCK_DIAG, "the other side has no TIME_WAIT");
    }

    private static Role role(Closer closer) {
        return switch (closer) {
            case CLIENT -> CLIENT;
            case SERVER -> SERVER;
        };
    }

    private static SocketQuery only(Census one) {
        TcpSocket socket = one.in(TIME_WAIT).stream()
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("the connection that went ahead left no TIME_WAIT"));
        return SocketQuery.all()
                .withLocalPort(socket.local().getPort())
                .withPeerPort(socket.peer().getPort());
    }

    /** Changes for each connection that was established; those whose connect failed are left out. */
    private static String changesEach(List<Transition> transitions) {
        long established = transitions.stream()
                .filter(t -> t.from() == SYN_SENT && t.to() == ESTABLISHED)
                .count();
        long failed = transitions.stream()
                .filter(t -> t.from() == SYN_SENT && t.to() == CLOSE)
                .count();
        long changes = transitions.size() - 2 * failed;
        return changes == 10 * established ? "10 each" : "%,d for %,d connections".formatted(changes, established);
    }

    private static void measure(Trial trial, LoadReport report) {
        trial.measure(CONNECTIONS, (double) report.connected());
        trial.measure(RATE_REACHED, report.connectedPerSecond());
        trial.measure(CONNECT_P50, report.connectLatency().p50() / 1e6);
        trial.measure(CONNECT_P99, report.connectLatency().p99() / 1e6);
        trial.measure("client.lag.p99", report.lag().p99() / 1e6, "ms");
        trial.measure(FAILED, (double) report.failed());
        trial.measure(NO_PORT, (double) report.failed("EADDRNOTAVAIL"));
        report.failures()
                .forEach((errno, count) -> trial.measure("client." + errno, count.doubleValue(), "connections"));
    }
}
