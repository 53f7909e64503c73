package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.wire.*;
import java.time.Duration;
import java.util.List;

/** Nobody answers a SYN: when it is resent, and when connect() gives up; with linear timeouts and without. */
public final class SynRetrySchedule extends AbstractExperiment {
    private static final String LINEAR = "net.ipv4.tcp_syn_linear_timeouts";

    private static final String NO_LINEAR =
            "this kernel has no linear timeouts (they came with Linux 6.5): it doubles from the start";

    /** More than the whole timetable takes, timers that are late included. */
    private static final Duration PATIENCE = Duration.ofSeconds(160);

    public SynRetrySchedule() {
        super("syn-retry-schedule", """
                If a host is down, or a firewall drops its packets, a SYN gets no answer, not even a RST. The kernel
                resends it net.ipv4.tcp_syn_retries times (6), after one second and then at doubling intervals. Since
                Linux 6.5, net.ipv4.tcp_syn_linear_timeouts (4) more come first, a second apart (tcp_retransmit_timer
                and tcp_write_timeout in net/ipv4/tcp_timer.c). With the kernel's defaults that is at 1, 2, 3, 4, 5, 7,
                11, 19, 35 and 67 seconds, and ETIMEDOUT after 131; without linear timeouts at 1, 3, 7, 15, 31 and 63,
                and ETIMEDOUT after 127.

                The long timers are late. The kernel's timer wheel gets coarser with distance, and rounds up by as much
                as an eighth (kernel/time/timer.c): with 250 ticks per second, a timer of 32 s fires up to 2 s late. So
                63 is observed as 63 to 66, and the end after 127 to 132 seconds.

                The run shows both schedules at the same time: the client has linear timeouts, the other host has none,
                each connects to the other, and the wire between them is dead. A kernel without linear timeouts uses the
                other schedule on both. The run lowers tcp_syn_retries to finish
                sooner; --set syn-retries=6 shows the kernel's default schedule, in 135 s.

                Meanwhile ss shows SYN-SENT with timer:(on,…), nstat counts TCPSynRetrans, and the application hangs in
                connect(). No user waits two minutes: set a timeout in the application (Netty's CONNECT_TIMEOUT_MILLIS,
                30 s by default), TCP_SYNCNT on the socket, or lower tcp_syn_retries. TCP_USER_TIMEOUT also limits
                connect(), but stays in effect afterwards: it ends connections whose peer is alive but keeps its window
                closed for that long. Connect times just above 1, 2 or 3 seconds mean that a SYN or its answer was lost.""");
        headline("nobody answers a SYN: it is resent on a schedule, and connect() fails with ETIMEDOUT");
        fault("the wire between the hosts is dead");
        control("the wire works, and each SYN is answered");
        sysctls(Timetable.SYN_RETRIES, LINEAR, "net.ipv4.tcp_rto_max_ms");
        wire();
        set(CLIENT, Timetable.SYN_RETRIES, SYN_RETRIES);
        set(SERVER, Timetable.SYN_RETRIES, SYN_RETRIES);
        setIfAny(CLIENT, LINEAR, values -> String.valueOf(values.get(LINEAR_TIMEOUTS)));
        setIfAny(SERVER, LINEAR, values -> "0");
        takes(knobs -> Duration.ofSeconds((2L << knobs.get(SYN_RETRIES)) + knobs.get(LINEAR_TIMEOUTS)));
    }

    final Knob<Integer> SYN_RETRIES = integer("syn-retries", 3, 1, 6, """
            net.ipv4.tcp_syn_retries of both hosts; 6, the kernel's default, takes more than two minutes""");
    final Knob<Integer> LINEAR_TIMEOUTS =
            integer("linear-timeouts", 4, 1, 10, LINEAR + " of the client; the other host has 0");

    final Expectation LINEAR_FIRST = deciding(
            CLIENT, SEGMENTS, "linear timeouts: the SYN is resent every second at first, then at doubling intervals");
    final Expectation DOUBLING = deciding(
            SERVER, SEGMENTS, "without them (tcp_syn_linear_timeouts=0): resent at doubling intervals from the start");
    final Expectation TIMED_OUT =
            deciding(CLIENT, ERRNO, "connect() fails with ETIMEDOUT, with linear timeouts and without");
    final Expectation GIVES_UP = deciding(CLIENT, ERRNO, """
            connect() gives up this many seconds after its first SYN, with linear timeouts and without""");
    final Expectation COUNTED = deciding(CLIENT, COUNTERS, "each resent SYN is counted (TcpExtTCPSynRetrans)");

    final Measure SENT_AGAIN = count("client.SYN.again", "segments", NEITHER, "how often the SYN is resent");
    final Measure ENDED = timer("client.ETIMEDOUT.seconds", NEITHER, "until connect() fails with ETIMEDOUT");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        var there = trial.listener(8);
        trial.wire().silence(Side.SERVER);
        trial.step("the client connects");
        long start = System.nanoTime();
        Connecting client = Connecting.start(trial.client(), there).end(PATIENCE);
        List<Double> again = OnTheWire.again(OnTheWire.syns(trial.segments(), Side.CLIENT));
        trial.measure(SENT_AGAIN, again.size());
        trial.measure(ENDED, client.timedOutAfter(start));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Host linear = trial.client();
        Host doubling = trial.server();
        var there = Connection.listener(doubling, 8);
        var here = Connection.listener(linear, 8);
        if (trial.faulty()) {
            trial.wire().silence(Side.SERVER);
        }
        trial.step("each host connects to the other");
        Connecting first = Connecting.start(linear, there);
        Connecting second = Connecting.start(doubling, here);
        // In the order in which they end: linear timeouts come on top.
        Connecting without = second.end(PATIENCE);
        Connecting with = first.end(PATIENCE);

        List<Double> timetable = Timetable.syn(linear);
        List<Double> doublingTimetable = Timetable.syn(doubling);
        List<WireSegment> syns = OnTheWire.syns(trial.segments(), Side.CLIENT);
        List<WireSegment> doublingSyns = OnTheWire.syns(trial.segments(), Side.SERVER);
        Expected<List<Double>> linearFirst = onTimetable(butLast(timetable));
        boolean lacking = linear.sysctlOrError(LINEAR).equals("ENOENT");
        trial.observe(LINEAR_FIRST, linearFirst.differingIf(lacking, NO_LINEAR), () -> OnTheWire.again(syns));
        trial.observe(DOUBLING, onTimetable(butLast(doublingTimetable)), () -> OnTheWire.again(doublingSyns));
        trial.observe(TIMED_OUT, equalTo("ETIMEDOUT, ETIMEDOUT"), with.result() + ", " + without.result());
        // The timer wheel is late by an eighth at most, and a look at a clock adds something.
        double late = timetable.getLast() / 8 + 1;
        List<Double> ends = List.of(timetable.getLast(), doublingTimetable.getLast());
        List<Double> ended = List.of(with.secondsSince(syns.getFirst()), without.secondsSince(doublingSyns.getFirst()));
        trial.observe(GIVES_UP, notBefore(ends, late), () -> ended);
        trial.observe(COUNTED, equalTo(timetable.size() - 1L), () -> linear.counter("TcpExtTCPSynRetrans"));
    }

    private static List<Double> butLast(List<Double> times) {
        return times.subList(0, times.size() - 1);
    }
}
