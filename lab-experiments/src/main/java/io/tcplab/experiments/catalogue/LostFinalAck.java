package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.*;
import io.tcplab.kernel.wire.Verdict;
import java.time.Duration;
import java.util.List;

/** The last ACK of the handshake is lost: the client is connected, the server isn't, and sends its SYN-ACK again. */
public final class LostFinalAck extends AbstractExperiment {
    /** By the kernel's default of tcp_synack_retries. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(65);

    public LostFinalAck() {
        super("lost-final-ack", """
                The client is ESTABLISHED when it has the SYN-ACK, and its connect() returns. The server is ESTABLISHED
                only when it has the ACK; if the ACK is lost, it stays in SYN_RECV, and the client doesn't notice.
                Nobody acknowledges an ACK, so the client doesn't resend it. Instead the server resends its SYN-ACK
                after 1 second, then 2 more, 4 more, … (reqsk_timer_handler in net/ipv4/inet_connection_sock.c), and the
                client answers each with another ACK. After net.ipv4.tcp_synack_retries (5) of them, about 64 seconds,
                the server forgets the connection.

                Any data segment completes the handshake too, because all of them carry an ACK: a client that speaks
                first hardly notices. If the server speaks first (SSH, SMTP, MySQL), the greeting arrives a second late.""");
        headline("the handshake's last ACK is lost: the server resends its SYN-ACK until an ACK arrives");
        fault("the wire loses the client's first ACKs");
        control("the wire loses nothing");
        sysctls("net.ipv4.tcp_synack_retries");
        wire();
        takes(knobs -> Duration.ofSeconds(1L << knobs.get(RETRANSMISSIONS)));
        takesToMeasure(knobs -> FORGOTTEN);
    }

    final Knob<Integer> RETRANSMISSIONS =
            integer("retransmissions", 5, 1, 5, "SYN-ACK retransmissions; the ACK that answers the last one arrives");

    final Expectation HALF_OPEN =
            deciding(SERVER, SOCK_DIAG, "the server is in SYN_RECV, though the client's connect() has succeeded");
    final Expectation CLIENT_SURE = supporting(CLIENT, SOCK_DIAG, "the client is ESTABLISHED and doesn't notice");
    final Expectation TIMETABLE =
            deciding(SERVER, SEGMENTS, "the server resends its SYN-ACK this many seconds after the first");
    final Expectation MENDED = supporting(SERVER, SOCK_DIAG, "once an ACK arrives, the server is ESTABLISHED too");

    final Measure SENT_AGAIN = count(
            "server.SYN-ACK.again", "segments", NEITHER, "how often the SYN-ACK is resent if no ACK ever arrives");
    final Measure REMEMBERED =
            timer("server.SYN_RECV.seconds", LOWER, "how long the server keeps the half-open connection");

    /** The wire loses each of the client's ACKs. */
    @Override
    public void measure(Trial trial) throws InterruptedException {
        var listener = trial.listener(8);
        trial.drop("ACK lost", Match.toServer().bareAck());
        trial.step("the client connects, and no ACK of its arrives");
        long start = System.nanoTime();
        trial.connect(listener.local());
        trial.server().awaitCount(1, SYN_RECV);
        var end = trial.server().await(census -> census.none(SYN_RECV), FORGOTTEN.multipliedBy(2));
        trial.measure(
                SENT_AGAIN, OnTheWire.again(trial.segments(), Segment::isSynAck).size());
        trial.measure(REMEMBERED, end.none(SYN_RECV) ? (end.atNanos() - start) / 1e9 : Double.POSITIVE_INFINITY);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int retransmissions = trial.knob(RETRANSMISSIONS);
        var listener = trial.listener(8);
        // Each SYN-ACK is answered by one ACK, so the one that arrives is the answer to the last retransmission.
        var lost = trial.ifFaulty(
                () -> trial.drop("ACK lost", Match.toServer().bareAck().first(retransmissions)));
        trial.step("the client connects");
        trial.connect(listener.local());
        WireSegment ack = OnTheWire.require(trial.wire(), Segment::isBareAck, "the client's ACK");
        TcpState next = ack.verdict().kind() == Verdict.Kind.DROPPED ? SYN_RECV : ESTABLISHED;
        var between = trial.server().awaitCount(1, next);
        long sure = trial.client().count(ESTABLISHED);

        trial.step("the server sends its SYN-ACK again");
        // Longer than the timetable of the most retransmissions that can be asked for.
        var mended = trial.server().await(census -> census.count(ESTABLISHED) == 1, Duration.ofSeconds(45));
        List<Double> again = OnTheWire.again(trial.segments(), Segment::isSynAck);
        lost.ifPresent(rule -> OnTheWire.requireMatched(rule, retransmissions));
        trial.observe(HALF_OPEN, equalTo(1), between.count(SYN_RECV));
        trial.observe(CLIENT_SURE, equalTo(1), sure);
        trial.observe(TIMETABLE, onTimetable(Timetable.synAck(retransmissions)), () -> again);
        trial.observe(MENDED, equalTo(1), mended.count(ESTABLISHED));
    }
}
