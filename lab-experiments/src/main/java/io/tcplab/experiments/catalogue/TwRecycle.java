package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.*;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;

/** tcp_tw_recycle is gone. What still compares timestamps is TIME_WAIT, and only with its own four numbers. */
public final class TwRecycle extends AbstractExperiment {
    private static final String PAWS_TIME_WAIT = "TcpExtPAWSTimewait";
    private static final String PAWS_ESTABLISHED = "TcpExtPAWSEstab";

    private static final String COUNTED_OTHERWISE =
            "this kernel has no PAWSTimewait (it came with Linux 6.16) and counts it as " + PAWS_ESTABLISHED;

    public TwRecycle() {
        super("tw-recycle", """
                With tcp_tw_recycle=1 the kernel kept the last timestamp of each peer address instead of TIME_WAIT, and
                dropped every SYN from that address with an older one. Behind a NAT many hosts share an address, each
                with its own clock: all but the one with the newest timestamps were silently dropped. Lists of sysctls
                still recommend it. Linux 4.12 removed it; since 4.10 each connection's timestamps start at a random
                offset, so it could no longer have worked. `sysctl -p` fails on such a line. Where a
                kernel still has it, the run sets it and shows what it does. That is 4.11 only: before, the sysctl belonged
                to the whole host, and no network namespace has it.

                Only TIME_WAIT still checks a SYN with its own four-tuple (tcp_timewait_state_process in
                net/ipv4/tcp_minisocks.c). If the timestamp is newer, it makes room for the new connection. If it is
                older, the SYN counts as an old duplicate and gets an ACK, and the client, which has no such connection,
                answers with RST. The wire drops that RST here, because it would end the TIME_WAIT. Two hosts behind one
                NAT run into this only if the NAT gives both the same port within a minute.""");
        headline("tcp_tw_recycle is gone; an older timestamp only matters to a TIME_WAIT with the same four-tuple");
        fault("the SYN's timestamp is older than the last one of the connection in TIME_WAIT");
        control("it is newer");
        set(SERVER, "net.ipv4.tcp_timestamps", "1");
        sysctls("net.ipv4.tcp_rfc1337");
        wire();
        timeWaitKept();
    }

    /** How far the timestamps of another host behind the same address may be apart, in ms: a few minutes of uptime. */
    final Knob<Integer> APART =
            integer("apart", 200_000, 1, 1_000_000_000, "how much older, or newer, the SYN's timestamp is, in ms");

    final Expectation ABSENT =
            supporting(SERVER, SYSCTL, TwRecycleSysctl.NAME + " doesn't exist (gone since Linux 4.12)");
    final Expectation SAME_TUPLE =
            deciding(SERVER, SEGMENTS, "a SYN with a TIME_WAIT's four-tuple and an older timestamp only gets an ACK");
    final Expectation STAYS = deciding(SERVER, SOCK_DIAG, "it opens no connection: the TIME_WAIT is still there");
    final Expectation COUNTED =
            supporting(SERVER, COUNTERS, "and is counted as rejected for its timestamp (TcpExtPAWSTimewait)");
    final Expectation LASTS =
            supporting(SERVER, SOCK_DIAG, "TIME_WAIT lasts 60 s, even where tcp_tw_recycle exists and is 1");
    final Expectation OTHER_PORT = supporting(
            SERVER, SEGMENTS, "an equally old SYN from another port of that address gets a SYN-ACK: NAT does no harm");

    final Measure ANSWERED = count("server.SYN-ACKs", "segments", HIGHER, """
            SYNs with an older timestamp that open a connection: one from the port in TIME_WAIT, one from another""");

    @Override
    public void run(Trial trial) throws InterruptedException {
        String recycle = trial.server().sysctlOrError(TwRecycleSysctl.NAME);
        trial.observe(ABSENT, TwRecycleSysctl.absent(recycle), () -> TwRecycleSysctl.known(recycle));
        var listener = trial.listener(8);
        trial.step("a connection ends, and the server keeps its TIME_WAIT");
        var connection = trial.open(listener);
        InetSocketAddress client = connection.client().local();
        connection.closeFrom(SERVER);
        trial.server().awaitCount(1, TIME_WAIT);
        trial.drop("RST lost", Match.toServer().with(TcpFlag.RST));

        trial.step("SYNs with other timestamps arrive");
        LastSegment last = LastSegment.ofClient(trial); // by which the server's TIME_WAIT judges what comes
        String same = OnTheWire.answer(trial, last.syn(client, apart(trial)));
        trial.observe(SAME_TUPLE, equalTo("ACK"), same);
        trial.observe(STAYS, equalTo(1), trial.server().count(TIME_WAIT));
        observeCount(trial);
        String other = recycled(trial, listener, recycle);
        trial.measure(ANSWERED, Collections.frequency(List.of(same, other), "SYN-ACK"));
    }

    /** Sets tcp_tw_recycle where it is, ends another connection, and knocks from a third port; returns what that got. */
    private String recycled(Trial trial, Socket listener, String recycle) throws InterruptedException {
        boolean there = !recycle.equals(TwRecycleSysctl.GONE);
        if (there) {
            trial.step("tcp_tw_recycle is set");
            trial.server().setSysctl(TwRecycleSysctl.NAME, "1");
        }
        var connection = trial.open(listener);
        InetSocketAddress client = connection.client().local();
        Start closing = Start.of(() -> connection.closeFrom(SERVER));
        SocketQuery its = SocketQuery.ofStates(TIME_WAIT).withPeerPort(client.getPort());
        Lasted lasts = Lasted.byTimer(trial.server(), its, closing);
        trial.observe(LASTS, TwRecycleSysctl.lasting(there), () -> lasts.against(LONGEST_TIME_WAIT));

        LastSegment last = LastSegment.ofClient(trial);
        // Neither connection's: connect() takes every second port (__inet_hash_connect).
        int port = client.getPort() == 65_535 ? 65_534 : client.getPort() + 1;
        InetSocketAddress neighbour = new InetSocketAddress(client.getAddress(), port);
        String other = OnTheWire.answer(trial, last.syn(neighbour, apart(trial)));
        trial.observe(OTHER_PORT, TwRecycleSysctl.answer(there), other);
        return other;
    }

    /** Kernels before 6.16 count it with those of open connections (tcp_timewait_state_process). */
    private void observeCount(Trial trial) {
        var counters = trial.server().counters();
        boolean own = counters.has(PAWS_TIME_WAIT);
        trial.observe(
                COUNTED,
                equalTo(1).differingIf(!own, COUNTED_OTHERWISE),
                () -> counters.get(own ? PAWS_TIME_WAIT : PAWS_ESTABLISHED));
    }

    private int apart(Trial trial) {
        return trial.faulty() ? -trial.knob(APART) : trial.knob(APART);
    }
}
