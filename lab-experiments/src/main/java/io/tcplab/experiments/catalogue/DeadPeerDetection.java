package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.catalogue.Departures.Leaving;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The peer goes dark: when it is detected, with and without keepalive, TCP_USER_TIMEOUT and data in flight. */
public final class DeadPeerDetection extends AbstractExperiment {
    /** Keepalive's times, in seconds; when so many probes have gone unanswered, it ends at the time of the next one. */
    private static final int IDLE = 2;

    private static final int INTERVAL = 1;
    private static final int PROBES = 3;

    /** How much later than its timer an end may be seen, in seconds. */
    private static final double LATE = 1.5;

    private static final int CONNECTIONS = 8;

    public DeadPeerDetection() {
        super("dead-peer-detection", """
                A peer loses power, or a firewall forgets the connection: nothing arrives, no FIN and no RST. An idle
                connection stays ESTABLISHED forever, because TCP sends nothing if there is nothing to send.
                TCP_USER_TIMEOUT (RFC 5482) doesn't change that: it limits how long data may stay unacknowledged, and
                there is none. SO_KEEPALIVE makes the kernel probe: after TCP_KEEPIDLE, every TCP_KEEPINTVL, up to
                TCP_KEEPCNT times. Then it sends a RST, and the socket ends with ETIMEDOUT (tcp_keepalive_timer in
                net/ipv4/tcp_timer.c).

                With data in flight it is the other way round. Keepalive is suspended while anything is unacknowledged,
                and retransmissions continue until tcp_retries2 is exhausted, a quarter of an hour by default. Here
                TCP_USER_TIMEOUT ends the connection in time. On a socket that has both, TCP_USER_TIMEOUT also replaces
                the count of keepalive probes. So use both; the sysctls' defaults (two hours idle) help nobody.

                TCP_USER_TIMEOUT has a price. It also ends a connection whose peer is alive and answers each zero-window
                probe, but reads nothing for that long (tcp_probe_timer in net/ipv4/tcp_timer.c, since Linux 5.11). Set
                it above the longest pause you allow a slow reader: minutes, if clients can be paused or stopped.

                Detecting a dead peer, even through a RST, only ends the socket. The kernel never reconnects: that is
                the application's job, and so is its own heartbeat if proxies answer keepalive for others.""");
        headline("a peer goes dark: only keepalive detects it on an idle connection, and only TCP_USER_TIMEOUT soon"
                + " with data in flight");
        fault("the server goes dark");
        control("the server stays and answers");
        sysctls(
                "net.ipv4.tcp_keepalive_time",
                "net.ipv4.tcp_keepalive_intvl",
                "net.ipv4.tcp_keepalive_probes",
                "net.ipv4.tcp_retries2");
        wire();
        descriptors(50);
        takes(knobs -> Duration.ofSeconds(knobs.get(USER_TIMEOUT) + 3L));
    }

    final Knob<Integer> USER_TIMEOUT =
            integer("user-timeout", 6, 4, 20, "TCP_USER_TIMEOUT of those that have it, in seconds");

    final Expectation NOBODY_LOOKS = supporting(
            CLIENT, SOCK_DIAG, "an idle socket without keepalive has no timer, with or without TCP_USER_TIMEOUT");
    final Expectation STAYS = supporting(CLIENT, ERRNO, "so nothing happens on either: read() returns EAGAIN");
    final Expectation PROBED =
            deciding(CLIENT, SEGMENTS, "idle, with keepalive: this many unanswered probes before it ends");
    final Expectation KEEPALIVE_ERROR =
            deciding(CLIENT, ERRNO, "then read() fails with ETIMEDOUT; the same with keepalive and TCP_USER_TIMEOUT");
    final Expectation KEEPALIVE_TIMES = deciding(
            CLIENT,
            SOCK_DIAG,
            "they end after idle + count × interval, or after TCP_USER_TIMEOUT, which replaces the count");
    final Expectation RETRANSMITS = deciding(
            CLIENT,
            SOCK_DIAG,
            "data in flight, with no option or only keepalive: both still retransmit, as tcp_retries2 says");
    final Expectation TIMEOUT_ERROR =
            deciding(CLIENT, ERRNO, "data in flight, with TCP_USER_TIMEOUT: ETIMEDOUT, with and without keepalive");
    final Expectation TIMEOUT_TIMES = deciding(CLIENT, SOCK_DIAG, "they end when TCP_USER_TIMEOUT expires");
    final Expectation NO_RECONNECT =
            supporting(CLIENT, SEGMENTS, "SYNs in total: one per connect(), because the kernel never reconnects");

    final Measure ASKS = timer(
            "client.keepalive.timer",
            NEITHER,
            "how long an idle connection with SO_KEEPALIVE waits for its first probe, by the kernel's timer");
    final Measure FOUND_OUT = timer(
            "client.keepalive.end",
            LOWER,
            "until such a connection ends after its peer went dark; never, if not within user-timeout plus 3 s");

    /** A client whose peer goes dark, from when it was left alone, or sent its data. */
    private record Watched(boolean keepalive, boolean timeout, Socket socket, Leaving leaving) {
        static Watched from(Start start, boolean keepalive, boolean timeout, Socket socket) {
            return new Watched(keepalive, timeout, socket, new Leaving(socket.port(), start));
        }

        Watched send() throws InterruptedException {
            return from(Start.of(() -> socket.send(1).orThrow("send")), keepalive, timeout, socket);
        }
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client connects, with SO_KEEPALIVE and its host's sysctls for the times");
        Socket client = trial.open(trial.listener(1)).client();
        Start alone = Start.of(() -> client.keepalive().orThrow("setsockopt SO_KEEPALIVE"));
        List<Watched> idle = List.of(Watched.from(alone, true, false, client));
        trial.step("the server goes dark");
        trial.wire().silence(Side.SERVER);
        Duration asks = timer(trial.client().census(), idle.getFirst()).expiresIn();
        trial.measure(ASKS, asks.toMillis() / 1e3);
        List<Lasted> found = ends(trial, departures(trial, idle.stream()), idle);
        trial.measure(FOUND_OUT, found.getFirst()::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("%d clients connect".formatted(CONNECTIONS));
        Socket listener = trial.listener(CONNECTIONS);
        List<Watched> sending = openEach(trial, listener);
        List<Watched> idle = openEach(trial, listener);
        if (trial.faulty()) {
            trial.step("the server goes dark");
            trial.wire().silence(Side.SERVER);
        }
        List<Watched> probing = select(idle, Watched::keepalive);
        double aloneFor = probing.getFirst().leaving().start().ago();
        List<Watched> sent = new ArrayList<>();
        for (Watched one : sending) {
            sent.add(one.send());
        }
        List<Watched> unwatched = select(idle, one -> !one.keepalive());
        Census timers = trial.client().census();
        trial.observe(NOBODY_LOOKS, equalTo(2), () -> withTimer(SocketTimer.Kind.NONE, timers, unwatched));

        trial.step("the clients' kernels find out, or don't");
        List<Watched> bounded = select(sent, Watched::timeout);
        Departures departures = departures(trial, Stream.concat(probing.stream(), bounded.stream()));
        List<Lasted> probingEnds = ends(trial, departures, probing);
        List<Lasted> boundedEnds = ends(trial, departures, bounded);
        Census last = trial.client().census();
        String unmoved = read(unwatched);
        String probed = read(probing);
        String timedOut = read(bounded);
        List<WireSegment> segments = trial.segments();

        double timeout = trial.knob(USER_TIMEOUT);
        int port = probing.getFirst().leaving().port();
        trial.observe(STAYS, equalTo("EAGAIN, EAGAIN"), unmoved);
        trial.observe(PROBED, equalTo(PROBES), () -> OnTheWire.unansweredProbes(segments, port));
        List<Double> byKeepalive = List.of((double) IDLE + PROBES * INTERVAL, timeout);
        trial.observe(KEEPALIVE_TIMES, notBefore(byKeepalive, LATE), () -> {
            // A probe that is answered begins the wait anew.
            busyUnless(aloneFor < IDLE, "the server went dark after %.1f s, after the first probe".formatted(aloneFor));
            return Lasted.against(probingEnds, byKeepalive, LATE);
        });
        trial.observe(KEEPALIVE_ERROR, equalTo("ETIMEDOUT, ETIMEDOUT"), probed);
        List<Watched> endless = select(sent, one -> !one.timeout());
        trial.observe(RETRANSMITS, equalTo(2), () -> withTimer(SocketTimer.Kind.RETRANSMIT, last, endless));
        Lasted.observe(trial, TIMEOUT_TIMES, boundedEnds, List.of(timeout, timeout), LATE);
        trial.observe(TIMEOUT_ERROR, equalTo("ETIMEDOUT, ETIMEDOUT"), timedOut);
        trial.observe(NO_RECONNECT, equalTo(CONNECTIONS), () -> OnTheWire.attempts(Side.CLIENT, segments));
    }

    /** A connection for each of the four settings, those without keepalive and those without TCP_USER_TIMEOUT first. */
    private List<Watched> openEach(Trial trial, Socket listener) throws InterruptedException {
        List<Watched> all = new ArrayList<>();
        for (boolean keepalive : List.of(false, true)) {
            for (boolean timeout : List.of(false, true)) {
                Socket client = trial.open(listener).client();
                Start alone = Start.of(() -> {
                    if (timeout) {
                        client.userTimeout(Duration.ofSeconds(trial.knob(USER_TIMEOUT)))
                                .orThrow("setsockopt TCP_USER_TIMEOUT");
                    }
                    if (keepalive) {
                        client.keepalive(Duration.ofSeconds(IDLE), Duration.ofSeconds(INTERVAL), PROBES)
                                .orThrow("setsockopt SO_KEEPALIVE");
                    }
                });
                all.add(Watched.from(alone, keepalive, timeout, client));
            }
        }
        return all;
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

    private List<Lasted> ends(Trial trial, Departures departures, List<Watched> all) throws InterruptedException {
        Duration patience = Duration.ofSeconds(trial.knob(USER_TIMEOUT) + 3L);
        return departures.await(all.stream().map(Watched::leaving).toList(), patience);
    }

    private static long withTimer(SocketTimer.Kind kind, Census census, List<Watched> all) {
        return all.stream().filter(one -> timer(census, one).kind() == kind).count();
    }

    private static SocketTimer timer(Census census, Watched one) {
        return census.in(ESTABLISHED).stream()
                .filter(socket -> socket.port() == one.leaving().port())
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
}
