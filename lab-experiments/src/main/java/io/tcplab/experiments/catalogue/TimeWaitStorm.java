package io.tcplab.experiments.catalogue;

import io.tcplab.client.KeepAlive;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.client.Stop;
import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.sockets.*;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A connection per request: TIME_WAIT piles up on the side that closes first, and a client runs out of ports. */
public final class TimeWaitStorm extends AbstractExperiment {
    /**
     * How late requests may start: once ports are scarce, connect() itself takes milliseconds. Less than TIME_WAIT lasts, because a
     * storm that lasts longer gets its first ports back.
     */
    private static final Duration MOST_LAG = Duration.ofSeconds(55);

    private static final int FIRST_PORT = 10_000;
    private static final String BUCKETS = "131072";

    public TimeWaitStorm() {
        super("time-wait-storm", """
                The side that sends the first FIN keeps the connection in TIME_WAIT for 60 seconds, a constant of the
                Linux kernel (TCP_TIMEWAIT_LEN). No sysctl changes it: tcp_fin_timeout, which is set here to show that,
                controls FIN_WAIT_2. At r connections per second that is 60·r sockets. They are small (some 256 bytes)
                and harmless on a server. On a client, each one blocks a port for the same destination address and port.
                After as many connections as ip_local_port_range has ports, connect() fails with EADDRNOTAVAIL. Long
                before that, connect() gets slower, because the kernel searches for a free port.

                Remedies, with --set remedy=…: keep-alive (the same requests over a few connections; the control does
                that too), destinations (more address:port pairs to connect to: each has all ports), tw-reuse
                (net.ipv4.tcp_tw_reuse=1: an outgoing connection may take over a TIME_WAIT at least a second old),
                linger-zero (RST instead of TIME_WAIT, at the cost that linger-reset shows). With a remedy, the run
                tests the remedy, and its control is the storm.""");
        headline("a connection per request: TIME_WAIT piles up on the side that closes first, and ports run out");
        fault("a new connection for each request (with a remedy: the remedy)");
        control("the same requests over a pool of kept connections (with a remedy: the storm without it)");
        localPorts(FIRST_PORT, PORTS);
        sysctls("net.ipv4.tcp_tw_reuse");
        set(CLIENT, "net.ipv4.tcp_fin_timeout", FIN_TIMEOUT);
        set(SERVER, "net.ipv4.tcp_fin_timeout", FIN_TIMEOUT);
        sysctls("net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_timestamps");
        // Where memory is scarce the default is less than the ports (tcp_sk_init: half of the hash table's size).
        set(CLIENT, "net.ipv4.tcp_max_tw_buckets", BUCKETS);
        set(SERVER, "net.ipv4.tcp_max_tw_buckets", BUCKETS);
        timeWaitKept();
        transitions();
        usesTheProcessor();
        descriptors(IN_FLIGHT, 2, 40);
        takes(this::runTime);
        takesToMeasure(knobs -> Duration.ofSeconds(knobs.get(SECONDS) + 1L));
    }

    final Knob<Integer> RATE = integer("rate", orEmulated(1_500, 150), 10, 50_000, "requests a second");
    final Knob<Integer> SECONDS = integer("seconds", 3, 1, 60, "how long the requests keep coming");
    final Knob<Integer> PORTS =
            integer("ports", orEmulated(4_000, 400), 100, 50_000, "size of the client's ip_local_port_range");
    final Knob<Closer> CLOSER = choice("closer", Closer.CLIENT, "which side closes each connection first");
    final Knob<Remedy> REMEDY = choice("remedy", Remedy.NONE, "the remedy that the run tests, if any");
    final Knob<Integer> FIN_TIMEOUT = integer("fin-timeout", 5, 1, 60, "tcp_fin_timeout on both hosts, in seconds");
    final Knob<Integer> IN_FLIGHT = integer("in-flight", 256, 1, 4_000, "the most connections open at a time");

    final Expectation GATHERS = deciding(CLIENT, SOCK_DIAG, "TIME_WAIT piles up on the side that closes first");
    final Expectation SPARES = supporting(SERVER, SOCK_DIAG, "the other side has no TIME_WAIT");
    final Expectation PORTS_RUN_OUT =
            deciding(CLIENT, ERRNO, "the client runs out of ports: connect fails with EADDRNOTAVAIL");
    final Expectation LASTS_60_S = supporting(CLIENT, SOCK_DIAG, "TIME_WAIT lasts 60 s whatever tcp_fin_timeout says");
    final Expectation ALL_TRANSITIONS =
            supporting(CLIENT, TRANSITIONS, "both ends of each connection went through all five state changes");
    final Expectation REMEDY_WORKS = deciding(CLIENT, ERRNO, "with the remedy no connect fails with EADDRNOTAVAIL");

    final Measure NO_PORT =
            count("client.EADDRNOTAVAIL", "connections", LOWER, "connects that failed because no port was left");
    final Measure FAILED = count("client.failed", "connections", LOWER, "requests that failed, for any reason");
    final Measure CONNECTIONS = count("client.connections", "connections", HIGHER, "connections that were established");
    final Measure RATE_REACHED = listed(new Measure(
            "client.rate", "connections/s", HIGHER, 0.1, "connections established per second, until the last one"));
    final Measure CONNECT_P50 =
            latency("client.connect.p50", LOWER, "time to connect, from the scheduled time: half took longer");
    final Measure CONNECT_P99 = latency(
            "client.connect.p99", LOWER, "time to connect, from the scheduled time: one in a hundred took longer");
    final Measure GATHERED_BY_CLIENT = peak(CLIENT, TIME_WAIT, NEITHER);
    final Measure GATHERED_BY_SERVER = peak(SERVER, TIME_WAIT, NEITHER);

    private Duration runTime(KnobValues knobs) {
        Duration storm = Duration.ofSeconds(knobs.get(SECONDS) + 1L);
        return knobs.get(REMEDY) == Remedy.NONE ? storm.plusSeconds(61) : storm;
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        if (knobs.get(REMEDY) != Remedy.NONE) {
            return List.of(REMEDY_WORKS);
        }
        Role first = role(knobs.get(CLOSER));
        return Stream.of(GATHERS.seenFrom(first), SPARES.seenFrom(first), PORTS_RUN_OUT, LASTS_60_S, ALL_TRANSITIONS)
                .filter(expectation -> !expectation.equals(PORTS_RUN_OUT) || portsRunOut(knobs))
                .toList();
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        if (knobs.get(REMEDY) != Remedy.NONE && !portsRunOut(knobs)) {
            throw new UsageException(
                    "time-wait-storm: a remedy is tested against a storm that runs out of ports: rate × seconds must be more than ports, and closer=client");
        }
        Remedy remedy = faulty ? knobs.get(REMEDY) : Remedy.NONE;
        return super.cell(knobs, faulty)
                .with(CLIENT, "net.ipv4.tcp_tw_reuse", remedy == Remedy.TW_REUSE ? "1" : "0")
                .withServerAddresses(remedy == Remedy.DESTINATIONS ? 64 : 1);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        storm(trial, trial.server().serve(new WellBehaved(trial.knob(CLOSER) == Closer.SERVER && !kept(trial))));
        trial.client().await(census -> kept(trial) || census.none(ESTABLISHED, FIN_WAIT1, FIN_WAIT2));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Closer closer = trial.knob(CLOSER);
        Host gatherer = trial.host(role(closer)); // of TIME_WAIT
        RunningServer first = trial.server().serve(new WellBehaved(closer == Closer.SERVER));
        RunningServer server = trial.server().serve(new WellBehaved(closer == Closer.SERVER && !kept(trial)));

        trial.step("one connection goes ahead, to see how long its TIME_WAIT lasts");
        // From a port that the storm can't get at, or it might take this TIME_WAIT over.
        var ahead = GoneAhead.from(trial, FIRST_PORT - 1, new ShortLived(1, closer), first, gatherer);

        LoadReport report = storm(trial, server);
        if (trial.knob(REMEDY) != Remedy.NONE) {
            trial.observe(REMEDY_WORKS, equalTo(0), report.failed("EADDRNOTAVAIL"));
            return;
        }
        observe(trial, report, gatherer);
        trial.step("waiting for the first TIME_WAIT to end");
        ahead.await(Duration.ofSeconds(75)).observe(trial, LASTS_60_S, SHORTEST_TIME_WAIT, LONGEST_TIME_WAIT);
    }

    private LoadReport storm(Trial trial, RunningServer server) throws InterruptedException {
        trial.step("%,d requests a second".formatted(trial.knob(RATE)));
        var plan = trial.client()
                .plan(kept(trial) ? new KeepAlive(8) : new ShortLived(1, trial.knob(CLOSER)), server)
                .withRate(trial.knob(RATE))
                .withConcurrency(trial.knob(IN_FLIGHT))
                .withStop(new Stop.AfterCount((long) trial.knob(RATE) * trial.knob(SECONDS)));
        Remedy remedy = trial.faulty() ? trial.knob(REMEDY) : Remedy.NONE;
        LoadReport report = trial.client()
                .load(remedy.appliedTo(plan, server))
                .awaitEach(MOST_LAG.plusSeconds(trial.knob(SECONDS)), MOST_LAG);
        trial.keep("%,d requests a second".formatted(trial.knob(RATE)), report);
        trial.measure(CONNECTIONS, report.connected());
        trial.measure(RATE_REACHED, report.connectedPerSecond());
        trial.measure(CONNECT_P50, report.connectLatency().p50() / 1e6);
        trial.measure(CONNECT_P99, report.connectLatency().p99() / 1e6);
        trial.measure("client.lag.p99", report.lag().p99() / 1e6, "ms");
        trial.measure(FAILED, report.failed());
        trial.measure(NO_PORT, report.failed("EADDRNOTAVAIL"));
        report.failures()
                .forEach((errno, count) -> trial.measure("client." + errno, count.doubleValue(), "connections"));
        return report;
    }

    private void observe(Trial trial, LoadReport report, Host gatherer) throws InterruptedException {
        trial.server().awaitOnly(LISTEN, TIME_WAIT);
        trial.client().awaitOnly(LISTEN, TIME_WAIT);
        Role first = role(trial.knob(CLOSER));
        long connections = Math.min((long) trial.knob(RATE) * trial.knob(SECONDS), trial.knob(PORTS));
        // A client that closes last may use its port again at once, and the new connection takes over the server's
        // TIME_WAIT. It draws from every second port while there are some (__inet_hash_connect), and some more than
        // once.
        long most = first == CLIENT ? connections * 9 / 10 : connections / 4;
        Census piled = gatherer.await(census -> census.count(TIME_WAIT) >= most, Duration.ofSeconds(1));
        trial.observe(GATHERS.seenFrom(first), atLeast(most), piled.count(TIME_WAIT));
        var other = trial.host(first.other());
        trial.observe(SPARES.seenFrom(first), equalTo(0), () -> other.count(TIME_WAIT));
        if (first == CLIENT && connections == trial.knob(PORTS)) {
            long failed = report.failed("EADDRNOTAVAIL");
            long took = report.elapsed().toSeconds();
            String late = "the storm took %d s, and TIME_WAIT lasts 60".formatted(took);
            boolean inTime = failed > 0 || took < TIMEWAIT_LEN.toSeconds();
            trial.observe(PORTS_RUN_OUT, atLeast(1), ifInTime(inTime, late, failed));
        }
        trial.observe(ALL_TRANSITIONS, equalTo("10 each"), () -> StatePaths.changesEach(trial.transitions()));
    }

    /** Whether this arm keeps its connections: the control of the storm does, and the remedy of that name. */
    private boolean kept(Trial trial) {
        return trial.knob(REMEDY) == (trial.faulty() ? Remedy.KEEP_ALIVE : Remedy.NONE);
    }

    /** Ports run out only where TIME_WAIT keeps them from being used again: at the client. */
    private boolean portsRunOut(KnobValues knobs) {
        long requests = (long) knobs.get(RATE) * knobs.get(SECONDS);
        return knobs.get(CLOSER) == Closer.CLIENT && requests > knobs.get(PORTS);
    }

    private static Role role(Closer first) {
        return first == Closer.CLIENT ? CLIENT : SERVER;
    }
}
