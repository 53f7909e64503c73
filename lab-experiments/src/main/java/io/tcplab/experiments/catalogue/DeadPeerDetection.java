package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.*;
import io.tcplab.kernel.sockets.SocketTimer.Kind;
import io.tcplab.kernel.wire.*;
import java.time.Duration;
import java.util.List;

/** The peer goes dark: when it is detected, with and without keepalive, TCP_USER_TIMEOUT and data in flight. */
public final class DeadPeerDetection extends AbstractExperiment {
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
    final Expectation KEEPALIVE_TIMES = deciding(CLIENT, SOCK_DIAG, """
            they end after idle + count × interval, or after TCP_USER_TIMEOUT, which replaces the count""");
    final Expectation RETRANSMITS = deciding(CLIENT, SOCK_DIAG, """
            data in flight, with no option or only keepalive: both still retransmit, as tcp_retries2 says""");
    final Expectation TIMEOUT_ERROR =
            deciding(CLIENT, ERRNO, "data in flight, with TCP_USER_TIMEOUT: ETIMEDOUT, with and without keepalive");
    final Expectation TIMEOUT_TIMES = deciding(CLIENT, SOCK_DIAG, "they end when TCP_USER_TIMEOUT expires");
    final Expectation NO_RECONNECT =
            supporting(CLIENT, SEGMENTS, "SYNs in total: one per connect(), because the kernel never reconnects");

    final Measure ASKS = timer("client.keepalive.timer", NEITHER, """
            how long an idle connection with SO_KEEPALIVE waits for its first probe, by the kernel's timer""");
    final Measure FOUND_OUT = timer("client.keepalive.end", LOWER, """
            until such a connection ends after its peer went dark; never, if not within user-timeout plus 3 s""");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("a client connects, with SO_KEEPALIVE and its host's sysctls for the times");
        Socket client = trial.open(trial.listener(1)).client();
        var idle = GuardedClient.alone(trial, client, () -> client.keepalive().orThrow("setsockopt SO_KEEPALIVE"));
        trial.step("the server goes dark");
        trial.wire().silence(Side.SERVER);
        trial.measure(ASKS, idle.timer(trial.client().census()).expiresIn().toMillis() / 1e3);
        Lasted found = idle.leaving().await(patience(trial));
        trial.measure(FOUND_OUT, found::known);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("%d clients connect".formatted(CONNECTIONS));
        Socket listener = trial.listener(CONNECTIONS);
        Duration userTimeout = Duration.ofSeconds(trial.knob(USER_TIMEOUT));
        // Four each: with and without keepalive, with and without TCP_USER_TIMEOUT.
        var sending = GuardedClients.open(trial, listener, userTimeout);
        var idle = GuardedClients.open(trial, listener, userTimeout);
        trial.stepIfFaulty("the server goes dark", () -> trial.wire().silence(Side.SERVER));
        var probing = idle.with(GuardedClient::keepalive);
        var unwatched = idle.without(GuardedClient::keepalive);
        double idleFor = probing.leaving().getFirst().start().ago(); // when the server went dark
        var sent = sending.afterSending(trial);
        var bounded = sent.with(GuardedClient::timeout);
        var endless = sent.without(GuardedClient::timeout);
        Census timers = trial.client().census();
        trial.observe(NOBODY_LOOKS, equalTo(2), () -> unwatched.withTimer(Kind.NONE, timers));

        trial.step("the clients' kernels find out, or don't");
        var departures = new Departures(trial.client(), ESTABLISHED);
        probing.leaving().forEach(departures::watch);
        bounded.leaving().forEach(departures::watch);
        List<Lasted> probingEnds = departures.await(probing.leaving(), patience(trial));
        List<Lasted> boundedEnds = departures.await(bounded.leaving(), patience(trial));
        Census last = trial.client().census();
        trial.observe(STAYS, equalTo("EAGAIN, EAGAIN"), unwatched.read());
        trial.observe(KEEPALIVE_ERROR, equalTo("ETIMEDOUT, ETIMEDOUT"), probing.read());
        trial.observe(TIMEOUT_ERROR, equalTo("ETIMEDOUT, ETIMEDOUT"), bounded.read());
        List<WireSegment> segments = trial.segments();

        double timeout = trial.knob(USER_TIMEOUT);
        int port = probing.leaving().getFirst().port();
        trial.observe(PROBED, equalTo(GuardedClient.PROBES), () -> OnTheWire.unansweredProbes(segments, port));
        List<Double> byKeepalive = List.of(GuardedClient.KEEPALIVE_ENDS, timeout);
        // A probe that is answered begins the wait anew.
        String late = "the server went dark after %.1f s, after the first probe".formatted(idleFor);
        trial.observe(KEEPALIVE_TIMES, notBefore(byKeepalive, LATE), () -> {
            busyUnless(idleFor < GuardedClient.IDLE, late);
            return Lasted.against(probingEnds, byKeepalive, LATE);
        });
        trial.observe(RETRANSMITS, equalTo(2), () -> endless.withTimer(Kind.RETRANSMIT, last));
        Lasted.observe(trial, TIMEOUT_TIMES, boundedEnds, List.of(timeout, timeout), LATE);
        trial.observe(NO_RECONNECT, equalTo(CONNECTIONS), () -> OnTheWire.attempts(Side.CLIENT, segments));
    }

    private Duration patience(Trial trial) {
        return Duration.ofSeconds(trial.knob(USER_TIMEOUT) + 3L);
    }
}
