package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.notBefore;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;

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
import io.tcplab.experiments.catalogue.Departures.Leaving;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The peer goes dark: who finds out, and when; keepalive or not, TCP_USER_TIMEOUT or not, idle or with data in flight. */
public final class DeadPeerDetection implements Experiment {
    private static final int IDLE = 2;
    private static final int INTERVAL = 1;
    private static final int PROBES = 3;

    /** Keepalive alone: PROBES go unanswered, and at the time of the next one it is over. */
    private static final double KEEPALIVE_ENDS = IDLE + PROBES * INTERVAL;

    /** How much later than its timer an end may be seen, in seconds. */
    private static final double LATE = 1.5;

    private static final int CONNECTIONS = 8;

    private static final Knob<Integer> USER_TIMEOUT =
            Knob.integer("user-timeout", 6, 4, 20, "TCP_USER_TIMEOUT of those that have it, in seconds");

    static final Expectation NOBODY_LOOKS = supporting(
            CLIENT, SOCK_DIAG, "an idle socket without keepalive has no timer, TCP_USER_TIMEOUT or not: nobody looks");
    static final Expectation STAYS =
            supporting(CLIENT, ERRNO, "and so nothing happens on either: read() has nothing (EAGAIN)");
    static final Expectation PROBED = deciding(
            CLIENT, SEGMENTS, "idle, with keepalive: when it ends so many of its probes have not been answered");
    static final Expectation KEEPALIVE_ERROR =
            deciding(CLIENT, ERRNO, "then read() says ETIMEDOUT; so it does with keepalive and TCP_USER_TIMEOUT");
    static final Expectation KEEPALIVE_TIMES = deciding(
            CLIENT,
            SOCK_DIAG,
            "these ended after idle + count × interval, and with TCP_USER_TIMEOUT after that, as it replaces the count");
    static final Expectation RETRANSMITS = deciding(
            CLIENT,
            SOCK_DIAG,
            "data in flight, with nothing or keepalive alone: both still send it again, as tcp_retries2 wants");
    static final Expectation TIMEOUT_ERROR =
            deciding(CLIENT, ERRNO, "data in flight, with TCP_USER_TIMEOUT: ETIMEDOUT, without and with keepalive");
    static final Expectation TIMEOUT_TIMES = deciding(CLIENT, SOCK_DIAG, "these ended when TCP_USER_TIMEOUT was up");
    static final Expectation NO_RECONNECT =
            supporting(CLIENT, SEGMENTS, "SYNs in all: one for each connect(), as the kernel never reconnects");

    private static final Measure ASKS = Measure.timer(
            "client.keepalive.timer",
            Better.NEITHER,
            "how long an idle connection with SO_KEEPALIVE is left alone, by the kernel's timer");
    private static final Measure FOUND_OUT = Measure.timer(
            "client.keepalive.end",
            Better.LOWER,
            "until such a connection ends, its peer being dark; never, if not within user-timeout and 3 s more");

    /**
     * A client whose peer goes dark.
     *
     * @param sinceNanos just before it was left alone, or sent its data
     * @param thenNanos just after
     */
    private record Watched(
            boolean keepalive, boolean timeout, Socket socket, int port, long sinceNanos, long thenNanos) {

        Leaving leaving() {
            return new Leaving(port, sinceNanos, thenNanos);
        }
    }

    @Override
    public Story story() {
        return new Story(
                "dead-peer-detection",
                "a peer goes dark: only keepalive finds out on an idle connection, and only TCP_USER_TIMEOUT soon with data",
                """
                A peer loses power, or a firewall forgets the connection: nothing comes any more, no FIN and no RST. A
                connection that is idle stays ESTABLISHED for ever, since TCP sends nothing when there is nothing to send.
                TCP_USER_TIMEOUT (RFC 5482) doesn't change that; it bounds how long data may stay unacknowledged, and
                there is none. SO_KEEPALIVE has the kernel ask: after TCP_KEEPIDLE, every TCP_KEEPINTVL, up to
                TCP_KEEPCNT times, and then sends a RST and ends with ETIMEDOUT (tcp_keepalive_timer in
                net/ipv4/tcp_timer.c).

                With data in flight it is the other way round. Keepalive stands back for as long as something is
                unacknowledged, and retransmission goes on until tcp_retries2 is exhausted, a quarter of an hour by
                default. There TCP_USER_TIMEOUT ends it in time. On a socket that has both, TCP_USER_TIMEOUT also replaces
                the count of keepalive probes. So one wants both, and the sysctls' defaults (two hours idle) help nobody.

                TCP_USER_TIMEOUT has a price. It also ends a connection whose peer is alive, answers each probe of its
                closed window, and reads nothing for that long (tcp_probe_timer in net/ipv4/tcp_timer.c, since Linux 5.11). Set it
                above the longest pause that a slow reader may make: minutes, where clients are paused or stopped.

                Whatever finds the peer dead, and be it a RST, only ends the socket. No kernel ever connects again:
                that is for the application, as is a heartbeat of its own where proxies answer keepalive for others.""",
                "the server goes dark",
                "the server stays and answers",
                List.of(
                        "net.ipv4.tcp_keepalive_time",
                        "net.ipv4.tcp_keepalive_intvl",
                        "net.ipv4.tcp_keepalive_probes",
                        "net.ipv4.tcp_retries2"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(USER_TIMEOUT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(
                NOBODY_LOOKS,
                STAYS,
                PROBED,
                KEEPALIVE_ERROR,
                KEEPALIVE_TIMES,
                RETRANSMITS,
                TIMEOUT_ERROR,
                TIMEOUT_TIMES,
                NO_RECONNECT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(50);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(knobs.get(USER_TIMEOUT) + 3L);
    }

    @Override
    public List<Measure> measures() {
        return List.of(ASKS, FOUND_OUT);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client connects, with SO_KEEPALIVE and its host's sysctls for the times");
        Socket listener = Connection.listener(trial.server(), 1);
        Socket client = Connection.open(trial.client(), listener).client();
        long since = System.nanoTime();
        client.keepalive().orThrow("setsockopt SO_KEEPALIVE");
        Watched idle = new Watched(true, false, client, client.local().getPort(), since, System.nanoTime());
        trial.step("the server goes dark");
        trial.wire().silence(Side.SERVER);
        trial.measure(ASKS, timer(trial.client().census(), idle).expiresIn().toMillis() / 1e3);
        Lasted found =
                ends(trial, departures(trial, Stream.of(idle)), List.of(idle)).getFirst();
        trial.measure(FOUND_OUT, found::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("%d clients connect".formatted(CONNECTIONS));
        Socket listener = Connection.listener(trial.server(), CONNECTIONS);
        List<Watched> sending = openEach(trial, listener);
        List<Watched> idle = openEach(trial, listener);
        if (trial.faulty()) {
            trial.step("the server goes dark");
            trial.wire().silence(Side.SERVER);
        }
        long darkNanos = System.nanoTime();
        List<Watched> sent = sending.stream().map(DeadPeerDetection::send).toList();
        Census timers = trial.client().census();
        trial.observe(
                NOBODY_LOOKS,
                equalTo(2),
                () -> idle.stream()
                        .filter(one -> !one.keepalive())
                        .filter(one -> timer(timers, one).kind() == SocketTimer.Kind.NONE)
                        .count());

        trial.step("the clients' kernels find out, or don't");
        List<Watched> probing = select(idle, Watched::keepalive);
        List<Watched> bounded = select(sent, Watched::timeout);
        Departures departures = departures(trial, Stream.concat(probing.stream(), bounded.stream()));
        List<Lasted> probingEnds = ends(trial, departures, probing);
        List<Lasted> boundedEnds = ends(trial, departures, bounded);
        Census last = trial.client().census();
        String unmoved = read(select(idle, one -> !one.keepalive()));
        String probed = read(probing);
        String timedOut = read(bounded);
        List<WireSegment> segments = trial.segments();

        double timeout = trial.knob(USER_TIMEOUT);
        trial.observe(STAYS, equalTo(twice("EAGAIN")), () -> unmoved);
        trial.observe(PROBED, equalTo(PROBES), () -> unanswered(segments, probing.getFirst()));
        List<Double> probingTimes = List.of(KEEPALIVE_ENDS, timeout);
        trial.observe(KEEPALIVE_TIMES, notBefore(probingTimes, LATE), () -> {
            requireUnprobed(probing, darkNanos);
            return Lasted.against(probingEnds, probingTimes, LATE);
        });
        trial.observe(KEEPALIVE_ERROR, equalTo(twice("ETIMEDOUT")), () -> probed);
        trial.observe(
                RETRANSMITS,
                equalTo(2),
                () -> select(sent, one -> !one.timeout()).stream()
                        .filter(one -> timer(last, one).kind() == SocketTimer.Kind.RETRANSMIT)
                        .count());
        List<Double> boundedTimes = List.of(timeout, timeout);
        trial.observe(
                TIMEOUT_TIMES, notBefore(boundedTimes, LATE), () -> Lasted.against(boundedEnds, boundedTimes, LATE));
        trial.observe(TIMEOUT_ERROR, equalTo(twice("ETIMEDOUT")), () -> timedOut);
        trial.observe(NO_RECONNECT, equalTo(CONNECTIONS), () -> OnTheWire.attempts(Side.CLIENT, segments));
    }

    /** A connection for each of the four settings, those without keepalive and those without TCP_USER_TIMEOUT first. */
    private static List<Watched> openEach(Trial trial, Socket listener) throws InterruptedException {
        List<Watched> all = new ArrayList<>();
        for (boolean keepalive : List.of(false, true)) {
            for (boolean timeout : List.of(false, true)) {
                Socket client = Connection.open(trial.client(), listener).client();
                long since = System.nanoTime();
                if (timeout) {
                    client.userTimeout(Duration.ofSeconds(trial.knob(USER_TIMEOUT)))
                            .orThrow("setsockopt TCP_USER_TIMEOUT");
                }
                if (keepalive) {
                    client.keepalive(Duration.ofSeconds(IDLE), Duration.ofSeconds(INTERVAL), PROBES)
                            .orThrow("setsockopt SO_KEEPALIVE");
                }
                all.add(new Watched(keepalive, timeout, client, client.local().getPort(), since, System.nanoTime()));
            }
        }
        return all;
    }

    private static Watched send(Watched one) {
        long now = System.nanoTime();
        one.socket().send(1).orThrow("send");
        return new Watched(one.keepalive(), one.timeout(), one.socket(), one.port(), now, System.nanoTime());
    }

    private static List<Watched> select(List<Watched> all, Predicate<Watched> which) {
        return all.stream().filter(which).toList();
    }

    private static Departures departures(Trial trial, Stream<Watched> all) {
        return new Departures(
                trial.client(),
                SocketQuery.ofStates(ESTABLISHED),
                all.map(Watched::leaving).toList());
    }

    /** Until each socket is gone. */
    private static List<Lasted> ends(Trial trial, Departures departures, List<Watched> all)
            throws InterruptedException {
        List<Lasted> ends = new ArrayList<>();
        for (Watched one : all) {
            Duration left =
                    Duration.ofSeconds(trial.knob(USER_TIMEOUT) + 3L).minusNanos(System.nanoTime() - one.sinceNanos());
            ends.add(departures.await(one.leaving(), left));
        }
        return ends;
    }

    /** A probe that is answered begins the wait anew. */
    private static void requireUnprobed(List<Watched> probing, long darkNanos) {
        Duration idle = Duration.ofNanos(darkNanos - probing.getFirst().sinceNanos());
        if (idle.compareTo(Duration.ofSeconds(IDLE)) >= 0) {
            throw new EvidenceMissing(
                    "the machine was too busy: the server went dark %d ms after a client had connected, and the first probe comes after %d s"
                            .formatted(idle.toMillis(), IDLE));
        }
    }

    private static SocketTimer timer(Census census, Watched one) {
        return census.in(ESTABLISHED).stream()
                .filter(socket -> socket.local().getPort() == one.port())
                .map(TcpSocket::timer)
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("a socket that is to stay has gone"));
    }

    private static String read(List<Watched> all) throws InterruptedException {
        List<String> results = new ArrayList<>();
        for (Watched one : all) {
            results.add(one.socket().receive(1, Duration.ZERO).name());
        }
        return String.join(", ", results);
    }

    private static String twice(String error) {
        return error + ", " + error;
    }

    /**
     * What the client asked and the server didn't answer, from its first probe on. A probe has the number before the next
     * one (tcp_xmit_probe_skb() in net/ipv4/tcp_output.c), which is the SYN's as nothing was sent; the RST in farewell
     * doesn't ask.
     */
    private static long unanswered(List<WireSegment> segments, Watched one) {
        List<Segment> own = segments.stream()
                .map(WireSegment::segment)
                .filter(segment -> segment.sourcePort() == one.port() || segment.destinationPort() == one.port())
                .toList();
        long syn = own.getFirst().sequence();
        Predicate<Segment> probe = segment ->
                segment.sourcePort() == one.port() && segment.sequence() == syn && OnTheWire.isBareAck(segment);
        long probes = own.stream().filter(probe).count();
        long answers = own.stream()
                .dropWhile(probe.negate())
                .filter(segment -> segment.destinationPort() == one.port())
                .count();
        return probes - answers;
    }
}
