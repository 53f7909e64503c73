package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.wire.*;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The last ACK of a close is lost: the FIN is resent, and TIME_WAIT acknowledges it again. */
public final class TimeWaitLostAck extends AbstractExperiment {
    /** FINs come again at doubling intervals, and nothing else moves meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public TimeWaitLostAck() {
        super("time-wait-lost-ack", """
                Nobody acknowledges the ACK of the last FIN, so its sender can't know whether it arrived. It has to stay
                for a while, in case the FIN is resent: that is one of the two reasons for TIME_WAIT (RFC 9293, section
                3.6; the other is to keep old segments out of a new connection with the same four-tuple). Meanwhile the
                other end is in LAST_ACK, and resends its FIN after 200 ms, 400 ms, … No process is involved: minisocket
                and orphan answer on their own (tcp_timewait_state_process in net/ipv4/tcp_minisocks.c).

                Without TIME_WAIT, the FIN would be answered with RST, and an orderly close would end with an error for
                the other end.""");
        headline("the last ACK of a close is lost: the FIN is resent, and TIME_WAIT answers it");
        fault("the wire loses the client's ACKs of the server's FIN");
        control("the wire loses nothing");
        sysctls("net.ipv4.tcp_orphan_retries");
        wire();
        takes(knobs -> Duration.ofMillis(200L << (knobs.get(RETRANSMISSIONS) + 1)));
    }

    final Knob<Integer> RETRANSMISSIONS =
            integer("retransmissions", 2, 1, 5, "FIN retransmissions until the wire lets ACKs through again");

    final Expectation STILL_THERE =
            deciding(SERVER, SOCK_DIAG, "the server is in LAST_ACK although the client is in TIME_WAIT");
    final Expectation FIN_AGAIN = deciding(SERVER, SEGMENTS, "the server resends its FIN: this many FINs in total");
    final Expectation ACK_AGAIN =
            deciding(CLIENT, SEGMENTS, "the client, which closed long ago, acknowledges it this many times");
    final Expectation ENDED =
            supporting(SERVER, SOCK_DIAG, "once one of these ACKs arrives, the server's connection is gone");
    final Expectation WAITING = supporting(CLIENT, SOCK_DIAG, "the client stays in TIME_WAIT");

    final Measure FINS =
            count("server.FINs", "segments", LOWER, "FINs that the server sends until the client's ACK arrives");
    final Measure ACKS =
            count("client.ACKs", "segments", NEITHER, "ACKs with which the client's TIME_WAIT answers them");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int retransmissions = trial.knob(RETRANSMISSIONS);
        var connection = trial.open(trial.listener(8));
        trial.step("the client closes, then the server");
        connection.client().close();
        trial.client().awaitCount(1, FIN_WAIT2);
        Optional<RuleHandle> lost = trial.ifFaulty(
                () -> trial.drop("last ACK lost", Match.toServer().bareAck()));
        connection.server().close();
        trial.client().awaitCount(1, TIME_WAIT);

        trial.step("the server sends its FIN again");
        var repeated = trial.server().await(census -> census.none(LAST_ACK) || acks(trial) > retransmissions, PATIENCE);
        lost.ifPresent(RuleHandle::remove);
        var ended = trial.server().await(census -> census.none(LAST_ACK), PATIENCE);
        lost.ifPresent(rule -> OnTheWire.requireMatched(rule, retransmissions));

        var client = trial.client().census();
        List<Segment> turns = OnTheWire.finsAndAcks(trial.segments());
        long acks = acks(trial);
        long fins = turns.size() - acks;
        trial.measure(FINS, fins);
        trial.measure(ACKS, acks);
        trial.observe(STILL_THERE, equalTo(1), repeated.count(LAST_ACK));
        trial.observe(FIN_AGAIN, atLeast(retransmissions + 1), fins);
        trial.observe(ACK_AGAIN, atLeast(retransmissions + 1), acks);
        trial.observe(ENDED, equalTo(0), ended.count(LAST_ACK));
        trial.observe(WAITING, equalTo(1), client.count(TIME_WAIT));
    }

    private static long acks(Trial trial) {
        return OnTheWire.finsAndAcks(trial.segments()).stream()
                .filter(one -> !one.has(TcpFlag.FIN))
                .count();
    }
}
