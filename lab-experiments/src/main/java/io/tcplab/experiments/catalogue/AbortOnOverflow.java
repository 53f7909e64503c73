package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.*;
import java.time.Duration;

/** The accept queue fills between a client's SYN and its ACK: tcp_abort_on_overflow decides what the client learns. */
public final class AbortOnOverflow extends AbstractExperiment {
    private static final String ABORT = "net.ipv4.tcp_abort_on_overflow";

    public AbortOnOverflow() {
        super("abort-on-overflow", """
                A SYN that finds the accept queue full is dropped (see backlog-overflow). But the queue may have room
                when the SYN arrives, and none when the ACK arrives, because others were faster. The client is
                ESTABLISHED by then; its connect() has returned. By default the server's kernel ignores the ACK, stays
                in SYN_RECV, and resends the SYN-ACK after a second, hoping for room (tcp_check_req in
                net/ipv4/tcp_minisocks.c). Whatever the client sends in the meantime is dropped too. On the client, ss
                shows ESTAB with a Send-Q that doesn't shrink; on the server SYN-RECV, or nothing. Requests take
                seconds, and no error says why.

                With net.ipv4.tcp_abort_on_overflow=1 the server answers such an ACK with RST, and the client gets
                ECONNRESET at its first read or write. That is all it does. SYNs that find the queue full are still
                dropped, so their clients see a slow connect(), not a refused one.

                nstat shows ListenOverflows in all cases. The fix is a process that accepts faster, or a backlog (and
                net.core.somaxconn) large enough for a burst. RST only helps clients that can go elsewhere immediately.""");
        headline("the accept queue fills between SYN and ACK: silence, or RST with tcp_abort_on_overflow");
        fault("nobody accepts: the queue fills while the client's ACK is on its way");
        control("the server accepts; the same ACK comes as late, and finds room");
        sysctls(ABORT, "net.core.somaxconn", "net.ipv4.tcp_synack_retries");
        wire();
        descriptors(BACKLOG, 4, 40);
        takes(5);
        takesToMeasure(2);
    }

    final Knob<Integer> BACKLOG =
            integer("backlog", 2, 1, 100, "second argument of listen(2); the accept queue holds one more");

    final Expectation NOT_CONNECTED = deciding(SERVER, SOCK_DIAG, """
            tcp_abort_on_overflow=0: the ACK finds the accept queue full; the server stays in SYN_RECV""");
    final Expectation CLIENT_SURE = supporting(CLIENT, SOCK_DIAG, "the client is ESTABLISHED and sees no error");
    final Expectation SYN_ACK_AGAIN =
            deciding(SERVER, SEGMENTS, "the server resends the SYN-ACK, as if the ACK had been lost");
    final Expectation MENDED = supporting(
            SERVER, SOCK_DIAG, "once there is room, the answer to the next SYN-ACK completes the connection");
    final Expectation RESET = deciding(
            CLIENT, ERRNO, "tcp_abort_on_overflow=1: the client, which already counts as connected, gets ECONNRESET");
    final Expectation FORGOTTEN = deciding(SERVER, SOCK_DIAG, "and the server has forgotten the connection");
    final Expectation SYN_DROPPED =
            deciding(CLIENT, SOCK_DIAG, "a SYN that finds the queue full is still dropped: SYN_SENT, no RST");
    final Expectation OVERFLOWS = deciding(
            SERVER, COUNTERS, "each ACK and each SYN that found the queue full is counted (TcpExtListenOverflows)");

    final Measure CLIENT_RESET = count("client.ECONNRESET", "connections", NEITHER, """
            one client whose ACK finds the queue full: 1 if it gets a RST""");
    final Measure HALF_OPEN = count("server.SYN_RECV", "connections", NEITHER, """
            the same client: 1 if it is still half-open after a second or more""");
    final Measure SENT_AGAIN = count("server.SYN-ACK.again", "segments", NEITHER, "SYN-ACKs resent to it in that time");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket client = Overtaken.connect(trial, trial.listener(trial.knob(BACKLOG)), trial.knob(BACKLOG));
        RuleHandle again = Overtaken.synAcksTo(client, trial);
        // Whichever comes first: the RST at once, or the SYN-ACK after a second.
        var server = trial.server().awaitEndOf(client, census -> census.isEmpty() || again.matched() > 0);
        String end = client.receive(1, server.isEmpty() ? SOON : Duration.ZERO).name();
        trial.measure(CLIENT_RESET, end.equals("ECONNRESET") ? 1 : 0);
        trial.measure(HALF_OPEN, server.count(SYN_RECV));
        trial.measure(SENT_AGAIN, trial.matched(again));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        var server = trial.server();
        server.setSysctl(ABORT, "0");
        int backlog = trial.knob(BACKLOG);
        Socket listener = trial.listener(backlog);
        Socket client = Overtaken.connect(trial, listener, backlog);
        // Not before, for on a slow machine the SYN-ACK comes again while the ACK is on its way.
        RuleHandle again = Overtaken.synAcksTo(client, trial);
        server.awaitEndOf(client, census -> census.count(ESTABLISHED) == 1 || again.matched() > 0);
        trial.observe(NOT_CONNECTED, equalTo(1), server.endOf(client).count(SYN_RECV));
        trial.observe(CLIENT_SURE, equalTo(1), trial.client().census(client).count(ESTABLISHED));
        trial.observe(SYN_ACK_AGAIN, atLeast(1), () -> trial.matched(again));
        trial.step("the server accepts one");
        listener.accept(Duration.ZERO);
        // The SYN-ACK comes again after 1, 2, 4, 8 and 16 s: a machine that is slow to make room waits for one of the
        // later ones.
        SocketQuery mending = SocketQuery.ofStates(ESTABLISHED).withPeerPort(client.port());
        var mended = server.await(mending, census -> census.size() == 1, Duration.ofSeconds(20));
        trial.observe(MENDED, equalTo(1), mended.size());

        server.setSysctl(ABORT, "1");
        Socket other = trial.listener(backlog);
        Socket reset = Overtaken.connect(trial, other, backlog);
        trial.observe(RESET, equalTo("ECONNRESET"), reset.receive(1, SOON).name());
        var forgotten = server.awaitEndOf(reset, census -> census.none(SYN_RECV));
        trial.observe(FORGOTTEN, equalTo(0), forgotten.size());
        trial.step("one more client knocks at the full queue");
        Socket late = Connection.bound(trial.client());
        late.startConnect(other.local());
        // It is settled once the SYN is resent, or is no longer needed.
        trial.client().await(census -> census.count(SYN_SENT, one -> one.timer().retransmits() == 0) == 0);
        trial.observe(SYN_DROPPED, equalTo(1), trial.client().census(late).count(SYN_SENT));
        // At least, because a resent ACK is counted again.
        trial.observe(OVERFLOWS, atLeast(3), () -> server.counter("TcpExtListenOverflows"));
    }
}
