package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.wire.*;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** An old SYN arrives again: the server answers it, and the client's RST, the third segment, ends it. */
public final class StaleSyn extends AbstractExperiment {
    public StaleSyn() {
        super("stale-syn", """
                The network may deliver a segment late, and twice. To a listener, a SYN of a connection that ended long
                ago looks like any other: its kernel answers with a SYN-ACK and keeps it in SYN_RECV. The host it came
                from has no such connection, and answers the SYN-ACK with a RST; the server forgets it (RFC 9293,
                section 3.5, figure 9). That is the purpose of the third segment: it confirms to the server that the SYN
                was intended, and that its own sequence number arrived. With two segments, the server would be connected
                to nobody as soon as it answered.

                Each old SYN here is one that the client's kernel really sent, recorded on the wire. The wire holds the
                RSTs for a while, so that the run can look at the server. If they were lost, the server would resend its
                SYN-ACK (see lost-final-ack). In production: "resets received for embryonic SYN_RECV sockets" in netstat
                -s. A few are normal; many come from scanners, or from clients that give up during the handshake.""");
        headline("an old SYN arrives again: without the third segment it would open a connection that nobody wants");
        fault("the SYNs come from connections that have ended");
        control("the SYNs come from connect()");
        sysctls("net.ipv4.tcp_synack_retries");
        wire();
        descriptors(SYNS, 4, 40);
    }

    final Knob<Integer> SYNS = integer("syns", 5, 1, 100, "old SYNs that arrive again");

    final Expectation ANSWERED_BY_RST = deciding(CLIENT, SEGMENTS, """
            each old SYN gets a SYN-ACK, which the client answers with a RST: it has no such connection""");
    final Expectation NOT_YET = deciding(SERVER, SOCK_DIAG, "until the RST arrives, the server stays in SYN_RECV");
    final Expectation NOTHING_TO_ACCEPT =
            deciding(SERVER, ERRNO, "and accept() returns EAGAIN: two segments don't make a connection");
    final Expectation FORGOTTEN =
            deciding(SERVER, COUNTERS, "each RST ends one SYN_RECV and is counted (TcpExtEmbryonicRsts)");
    final Expectation NOTHING_LEFT = supporting(SERVER, SOCK_DIAG, "then no SYN_RECV is left");

    final Measure HALF_OPEN = sockets(SERVER, SYN_RECV, LOWER, "created by old SYNs, before the RSTs arrive");
    final Measure ENDED = count("server.EmbryonicRsts", "connections", NEITHER, "connections ended by a RST");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(SYNS);
        var server = trial.server();
        var listener = trial.listener(n);
        trial.step("%d connections come and go".formatted(n));
        for (Connection connection : trial.open(listener, n)) {
            connection.resetFrom(CLIENT); // so that no TIME_WAIT answers for it
        }
        Collection<Segment> old = OnTheWire.firstSyns(Side.CLIENT, trial.segments());
        long before = server.counter("TcpExtEmbryonicRsts");
        int past = trial.segments().size();
        var held = trial.hold("RST held", Match.toServer().with(TcpFlag.RST));
        if (trial.faulty()) {
            trial.step("their SYNs arrive again");
            old.forEach(syn -> trial.wire().inject(Direction.CLIENT_TO_SERVER, syn));
            held.awaitMatch(n, SOON);
            OnTheWire.requireMatched(held, n);
        } else {
            trial.step("%d clients connect".formatted(n));
            trial.connect(listener.local(), n);
        }
        var meanwhile = server.awaitCount(n, trial.faulty() ? SYN_RECV : ESTABLISHED);
        String accepted = listener.accept(Duration.ZERO).name();

        trial.step("the RSTs arrive");
        held.release();
        held.remove();
        var after = server.awaitNone(SYN_RECV);
        long forgotten = server.counter("TcpExtEmbryonicRsts") - before;
        List<WireSegment> segments = trial.segments();
        Collection<String> exchanges = OnTheWire.exchanges(segments.subList(past, segments.size()));
        trial.measure(HALF_OPEN, meanwhile.count(SYN_RECV));
        trial.measure(ENDED, forgotten);
        trial.observe(ANSWERED_BY_RST, equalTo(n), Collections.frequency(exchanges, "SYN, SYN-ACK, RST"));
        trial.observe(NOT_YET, equalTo(n), meanwhile.count(SYN_RECV));
        trial.observe(NOTHING_TO_ACCEPT, equalTo("EAGAIN"), accepted);
        trial.observe(FORGOTTEN, equalTo(n), forgotten);
        trial.observe(NOTHING_LEFT, equalTo(0), after.count(SYN_RECV));
    }
}
