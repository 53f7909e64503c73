package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.wire.*;
import java.time.Duration;

/** A full SYN queue turns nobody away: the server remembers nothing and lets the client bring it back, in a cookie. */
public final class SynCookies extends AbstractExperiment {
    private static final int CLIENTS = 3;
    private static final String COOKIES = "net.ipv4.tcp_syncookies";

    /** A SYN-ACK is resent after one second. */
    private static final Duration WELL_AFTER_A_SECOND = Duration.ofMillis(2_500);

    /** What the server has sent takes far less. */
    private static final Duration GREETING = Duration.ofSeconds(2);

    public SynCookies() {
        super("syn-cookies", """
                When a listener has reached its limit of half-open connections (see syn-queue-overflow), the kernel
                doesn't reject the next SYN. It stores nothing, and encodes what it would have to remember in the
                SYN-ACK's sequence number, with a keyed hash and the minute: a cookie (cookie_init_sequence in
                net/ipv4/syncookies.c). The ACK brings it back, and the kernel creates the connection from it
                (cookie_v4_check). That is the default, net.ipv4.tcp_syncookies=1; 2 does it always, 0 never. The kernel
                logs "possible SYN flooding on port"; nstat shows SyncookiesSent, SyncookiesRecv and SyncookiesFailed.

                The price: the server can't resend what it didn't store. If the client's last ACK is lost, or finds the
                accept queue full, the client is ESTABLISHED, and ss on the server shows nothing at all. A client that
                speaks first hardly notices, because its data carries the cookie too. A client that waits for a greeting
                (SSH, SMTP, MySQL) waits forever. After one to two minutes the cookie expires, and whatever the client
                then sends is answered with RST. (Instead of waiting that long, the run turns cookies off; the kernel
                then takes the same path.)

                Fixes: a longer backlog, so that bursts don't need cookies; at the client, a deadline for the greeting,
                or keepalive. Leave cookies on.""");
        headline("the SYN queue is full: the server answers with cookies, and stores nothing");
        fault("the SYN queue is full of SYNs from hosts that don't answer");
        control("the SYN queue is empty; the same clients, the same ACKs lost");
        sysctls(COOKIES, "net.core.somaxconn", "net.ipv4.tcp_synack_retries");
        wire();
        takes(knobs -> WELL_AFTER_A_SECOND.plusSeconds(1));
    }

    final Knob<Integer> BACKLOG =
            integer("backlog", 8, 3, 1_000, "second argument of listen(2); the SYN queue holds one more");

    final Expectation ON_BY_DEFAULT =
            supporting(SERVER, SYSCTL, "tcp_syncookies of a network namespace where nobody has set it");
    final Expectation THROUGH =
            supporting(CLIENT, ERRNO, "the SYN queue is full, and a client's connect() still succeeds");
    final Expectation SENT =
            deciding(SERVER, COUNTERS, "three clients' SYNs were answered with a cookie (TcpExtSyncookiesSent)");
    final Expectation NO_SOCKET = deciding(
            SERVER, SOCK_DIAG, "a client's last ACK is lost: the server has no socket for it, not even SYN_RECV");
    final Expectation CLIENT_SURE =
            supporting(CLIENT, SOCK_DIAG, "that client is ESTABLISHED, but the server has no such connection");
    final Expectation NEVER_AGAIN =
            deciding(SERVER, SEGMENTS, "the server sends it one SYN-ACK, and doesn't resend it after a second");
    final Expectation WAITS =
            deciding(CLIENT, ERRNO, "if the server speaks first, the client waits in vain: read() returns EAGAIN");
    final Expectation MENDED = supporting(SERVER, SOCK_DIAG, """
            the client's first data brings the cookie again, and the server creates the connection from it""");
    final Expectation RECEIVED =
            deciding(SERVER, COUNTERS, "two connections were created from cookies (TcpExtSyncookiesRecv)");
    final Expectation FAILED =
            deciding(SERVER, COUNTERS, "an ACK without a valid cookie is counted (TcpExtSyncookiesFailed)");
    final Expectation RESET =
            deciding(CLIENT, ERRNO, "if the cookie is no longer valid, the client's first data is answered with RST");

    final Measure CONNECTED =
            count("client.connected", "connections", HIGHER, "clients of three that connect within two seconds");
    final Measure COOKIES_SENT = count("server.SyncookiesSent", "segments", NEITHER, "SYNs answered with a cookie");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = trial.listener(trial.knob(BACKLOG));
        SynQueue queue = new SynQueue(trial, listener, trial.knob(BACKLOG));
        queue.flood();
        trial.step("three clients connect");
        trial.measure(CONNECTED, queue.connect(CLIENTS, GREETING));
        trial.measure(COOKIES_SENT, trial.server().counter("TcpExtSyncookiesSent"));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.observe(ON_BY_DEFAULT, equalTo("1"), () -> trial.server().sysctl(COOKIES));
        Socket listener = trial.listener(trial.knob(BACKLOG));
        SynQueue queue = new SynQueue(trial, listener, trial.knob(BACKLOG));
        trial.step("three clients connect, and two of them lose their last ACK");
        String through = queue.connect();
        accept(listener);
        Socket patient = queue.connectAndLoseAck();
        Socket late = queue.connectAndLoseAck();
        trial.observe(THROUGH, equalTo(OK), through);
        trial.observe(NO_SOCKET, equalTo(0), trial.server().endOf(patient).size());
        trial.observe(CLIENT_SURE, equalTo(1), trial.client().census(patient).count(ESTABLISHED));

        trial.step("one waits for the server's greeting");
        queue.greet(CLIENTS, WELL_AFTER_A_SECOND); // when SYN-ACKs would long have been sent again
        trial.observe(WAITS, equalTo("EAGAIN"), read(patient, GREETING));
        trial.observe(NEVER_AGAIN, equalTo(1), () -> OnTheWire.synAcks(trial.segments(), patient.port()));

        trial.step("the clients speak");
        patient.send(1).orThrow("send");
        Census mended = trial.server().awaitEndOf(patient, census -> census.count(ESTABLISHED) == 1);
        SynFlood.guessCookie(trial, listener.local(), trial.knob(BACKLOG) + 1);
        trial.server().setSysctl(COOKIES, "0");
        late.send(1).orThrow("send");
        String end = read(late, SOON);
        var counters = trial.server().counters();
        trial.observe(MENDED, equalTo(1), mended.count(ESTABLISHED));
        trial.observe(RESET, equalTo("ECONNRESET"), end);
        trial.observe(SENT, equalTo(CLIENTS), () -> counters.get("TcpExtSyncookiesSent"));
        trial.observe(RECEIVED, equalTo(2), () -> counters.get("TcpExtSyncookiesRecv"));
        trial.observe(FAILED, equalTo(1), () -> counters.get("TcpExtSyncookiesFailed"));
    }
}
