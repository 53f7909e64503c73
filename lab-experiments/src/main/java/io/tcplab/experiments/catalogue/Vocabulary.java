package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expected;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Trial.Evidence;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.limits.Processor;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The terms that every experiment needs, inherited so that none has to import them. */
abstract class Vocabulary {
    static final Role CLIENT = Role.CLIENT;
    static final Role SERVER = Role.SERVER;

    static final Source SOCK_DIAG = Source.SOCK_DIAG;
    static final Source COUNTERS = Source.COUNTERS;
    static final Source TRANSITIONS = Source.TRANSITIONS;
    static final Source SEGMENTS = Source.SEGMENTS;
    static final Source ERRNO = Source.ERRNO;
    static final Source BYTES = Source.BYTES;
    static final Source FDS = Source.FDS;
    static final Source SYSCTL = Source.SYSCTL;
    static final Source PROC_NET_TCP = Source.PROC_NET_TCP;

    static final TcpState ESTABLISHED = TcpState.ESTABLISHED;
    static final TcpState SYN_SENT = TcpState.SYN_SENT;
    static final TcpState SYN_RECV = TcpState.SYN_RECV;
    static final TcpState FIN_WAIT1 = TcpState.FIN_WAIT1;
    static final TcpState FIN_WAIT2 = TcpState.FIN_WAIT2;
    static final TcpState TIME_WAIT = TcpState.TIME_WAIT;
    static final TcpState CLOSE = TcpState.CLOSE;
    static final TcpState CLOSE_WAIT = TcpState.CLOSE_WAIT;
    static final TcpState LAST_ACK = TcpState.LAST_ACK;
    static final TcpState LISTEN = TcpState.LISTEN;
    static final TcpState CLOSING = TcpState.CLOSING;

    static final Better LOWER = Better.LOWER;
    static final Better HIGHER = Better.HIGHER;
    static final Better NEITHER = Better.NEITHER;

    static final Duration SOON = Host.SOON;

    private static final boolean EMULATED = Processor.isEmulated();

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h. */
    static final Duration TIMEWAIT_LEN = Duration.ofSeconds(60);

    /** The shortest and the longest that TIME_WAIT may last, in seconds: its timer is late by up to 4 (kernel/time/timer.c). */
    static final double SHORTEST_TIME_WAIT = 58.2;

    static final double LONGEST_TIME_WAIT = 66;

    /** The result of a successful call, next to the errors' names. */
    static final String OK = CallResult.OK;

    static Expected<Long> equalTo(long value) {
        return Expected.equalTo(value);
    }

    static Expected<String> equalTo(String value) {
        return Expected.equalTo(value);
    }

    static Expected<Long> atLeast(long value) {
        return Expected.atLeast(value);
    }

    static Expected<Long> atMost(long value) {
        return Expected.atMost(value);
    }

    static Expected<Long> between(long low, long high) {
        return Expected.between(low, high);
    }

    static Expected<Double> seconds(double low, double high) {
        return Expected.seconds(low, high);
    }

    static Expected<List<Double>> times(List<Double> times, int percent) {
        return Expected.times(times, percent);
    }

    static Expected<List<Double>> onTimetable(List<Double> times) {
        return Expected.onTimetable(times);
    }

    static Expected<List<Double>> notBefore(List<Double> times, double late) {
        return Expected.notBefore(times, late);
    }

    /** The states' names, in this order: {@code SYN_SENT, ESTABLISHED}. */
    static String labels(Stream<TcpState> states) {
        return states.map(TcpState::label).collect(joining(", "));
    }

    /**
     * This socket, as a census shows it.
     *
     * @throws EvidenceMissing if it isn't there, or in another state
     */
    static TcpSocket only(Census census, TcpState state, Socket socket) {
        return census.in(state).stream()
                .filter(one -> one.port() == socket.port())
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("the kernel shows no socket with port " + socket.port()));
    }

    /** How long a socket has been in TIME_WAIT, by its timer. */
    static Duration timeWaitAge(TcpSocket socket) {
        return TIMEWAIT_LEN.minus(socket.timer().expiresIn());
    }

    /** Whether a socket has been in TIME_WAIT for longer than that, by its timer. */
    static boolean isOlder(TcpSocket socket, Duration age) {
        return timeWaitAge(socket).compareTo(age) > 0;
    }

    /** What read() says within that time: OK, or an error's name. */
    static String read(Socket socket, Duration within) throws InterruptedException {
        return socket.receive(1, within).name();
    }

    /** Takes a connection from a listener's queue. */
    static Socket accept(Socket listener) throws InterruptedException {
        return listener.accept(SOON).orThrow("accept");
    }

    /** What connect() says; leaves nothing behind. */
    static String tryConnect(Socket socket, Socket listener) throws InterruptedException {
        String result = socket.connect(listener.local(), SOON).name();
        Connection.reset(socket);
        return result;
    }

    /**
     * Makes sure that this machine was quick enough for what comes next to say something about the kernel.
     *
     * @param otherwise how it was too busy
     * @throws EvidenceMissing if it wasn't
     */
    static void busyUnless(boolean inTime, String otherwise) {
        if (!inTime) {
            throw EvidenceMissing.busy(otherwise);
        }
    }

    /** What was observed, as evidence only if this machine was quick enough: see {@link #busyUnless}. */
    static <T> Evidence<T> ifInTime(boolean inTime, String otherwise, T observed) {
        return () -> {
            busyUnless(inTime, otherwise);
            return observed;
        };
    }

    /** A knob's default: as many as this machine can do in the time that the kernel's timers leave. */
    static int orEmulated(int usually, int emulated) {
        return EMULATED ? emulated : usually;
    }
}
