package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.SYSCTL;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** tcp_tw_reuse lets an outgoing connection have the very port that is in TIME_WAIT; a server gains nothing by it. */
public final class TimeWaitReuse implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int FIRST_PORT = 10_000;

    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String DELAY = "net.ipv4.tcp_tw_reuse_delay";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";

    private static final String RECYCLED_COUNTER = "TcpExtTWRecycled";

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h. */
    private static final Duration TIMEWAIT_LEN = Duration.ofSeconds(60);

    /** Kernels without tcp_tw_reuse_delay want the clock's next full second, and it is safe to wait for the one after. */
    private static final Duration OLD_ENOUGH = Duration.ofMillis(2_100);

    private static final Knob<Integer> PORTS =
            Knob.integer("ports", 16, 1, 1_000, "size of the client's ip_local_port_range");

    static final Expectation REUSED = deciding(
            CLIENT, ERRNO, "tcp_tw_reuse=1: with each port in TIME_WAIT, as many connects succeed as there are ports");
    static final Expectation TAKEN_OVER =
            deciding(CLIENT, SOCK_DIAG, "they take the same ports: none of these TIME_WAIT is left");
    static final Expectation RECYCLED = deciding(CLIENT, COUNTERS, "each is counted at the client (TcpExtTWRecycled)");
    static final Expectation LOOPBACK =
            deciding(CLIENT, ERRNO, "tcp_tw_reuse=2, the default since Linux 4.19, does so for 127.0.0.1");
    static final Expectation NOT_BEYOND_LOOPBACK = supporting(CLIENT, ERRNO, "and not for another host: EADDRNOTAVAIL");
    static final Expectation TOO_SOON =
            supporting(CLIENT, ERRNO, "none of them can be had before tcp_tw_reuse_delay (1 s) is over: EADDRNOTAVAIL");
    static final Expectation NO_TIMESTAMPS =
            supporting(CLIENT, ERRNO, "nor ever, if the connection that left it had no timestamps: EADDRNOTAVAIL");
    static final Expectation DEFAULT =
            supporting(SERVER, SYSCTL, "a host on which nobody has set tcp_tw_reuse has 2: for loopback only");
    static final Expectation INCOMING =
            supporting(SERVER, ERRNO, "a server needs no tcp_tw_reuse: a new SYN takes over its TIME_WAIT in any case");
    static final Expectation SERVER_GAINS_NOTHING =
            supporting(SERVER, COUNTERS, "and gains nothing by it: its TcpExtTWRecycled stays");

    private static final Measure REUSED_PORTS = Measure.count(
            "client.reused",
            "connections",
            Better.HIGHER,
            "connects from ports that have been in TIME_WAIT for a second");
    private static final Measure COUNTED = Measure.count(
            "client.TWRecycled",
            "connections",
            Better.NEITHER,
            "TIME_WAITs that were taken over, by the kernel's count");

    @Override
    public Story story() {
        return new Story(
                "time-wait-reuse",
                "tcp_tw_reuse: an outgoing connection takes over the port in TIME_WAIT, the same one",
                """
                With tcp_tw_reuse=1 a connect() that finds a port in TIME_WAIT towards the same destination may have
                it: the same port, the same four numbers. The old connection's TIME_WAIT is put away and its
                timestamps taken over, by which the peer tells stray segments of the old one from the new
                (tcp_twsk_unique). So both need timestamps, and the TIME_WAIT must be older than tcp_tw_reuse_delay, a
                second, the resolution of its timestamps. 0 switches it off; 2, the default since Linux 4.19, allows
                it on the loopback only, where storms of tests run out of ports.

                It is about outgoing connections. A server that closes first gathers TIME_WAIT with or without it, and
                need not mind: it takes no port to accept, and a SYN from the same four numbers opens a new connection
                anyway (tcp_timewait_state_process). Each time that a port is taken over, TWRecycled counts, at the
                client.""",
                "net.ipv4.tcp_tw_reuse is 1, or 2 where that is told, on both hosts",
                "net.ipv4.tcp_tw_reuse is 0 on both hosts",
                List.of(REUSE, DELAY, TIMESTAMPS, "net.ipv4.ip_local_port_range"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PORTS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(
                REUSED,
                TAKEN_OVER,
                RECYCLED,
                LOOPBACK,
                NOT_BEYOND_LOOPBACK,
                TOO_SOON,
                NO_TIMESTAMPS,
                INCOMING,
                SERVER_GAINS_NOTHING,
                DEFAULT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        int lastPort = FIRST_PORT + knobs.get(PORTS) - 1;
        return CellPlan.plain()
                .withTimeWaitKept()
                .with(CLIENT, "net.ipv4.ip_local_port_range", FIRST_PORT + " " + lastPort)
                .with(CLIENT, REUSE, faulty ? "1" : "0");
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(PORTS, 2, 24);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(4);
    }

    @Override
    public List<Measure> measures() {
        return List.of(REUSED_PORTS, COUNTED);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("the client leaves each of its ports in TIME_WAIT");
        InetAddress there = trial.server().addresses().getFirst();
        Socket listener = listener(trial.server(), new InetSocketAddress(there, 0), trial);
        fill(trial, listener, CLIENT);
        trial.client()
                .await(
                        SocketQuery.ofStates(TIME_WAIT),
                        census -> youngest(census).compareTo(OLD_ENOUGH) > 0,
                        SOON);
        trial.step("the client connects from the same ports");
        List<Socket> again = connect(trial, listener);
        trial.measure(REUSED_PORTS, (double) again.size());
        trial.measure(COUNTED, (double) trial.client().counters().get(RECYCLED_COUNTER));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("the client leaves each of its ports in TIME_WAIT");
        InetAddress there = trial.server().addresses().getFirst();
        Socket plain = listener(trial.server(), new InetSocketAddress(there, 0), trial);
        Socket beyond = listener(trial.server(), new InetSocketAddress(there, 0), trial);
        Socket bare = listener(trial.server(), new InetSocketAddress(there, 0), trial);
        // The kernel's own choice would be one of the ports that are to be filled.
        Socket near = listener(
                trial.client(), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), FIRST_PORT - 1), trial);
        long begun = System.nanoTime();
        fill(trial, plain, CLIENT);
        tooSoon(trial, plain);
        fill(trial, beyond, CLIENT);
        fill(trial, near, CLIENT);
        trial.client().setSysctl(TIMESTAMPS, "0");
        fill(trial, bare, CLIENT);
        trial.client().setSysctl(TIMESTAMPS, "1");

        trial.step("they grow older than tcp_tw_reuse_delay");
        trial.client()
                .await(
                        SocketQuery.ofStates(TIME_WAIT),
                        census -> youngest(census).compareTo(OLD_ENOUGH) > 0,
                        SOON);
        trial.step("the client connects from the same ports");
        reuse(trial, plain, bare, begun);
        loopbackOnly(trial, near, beyond, begun);
        trial.step("the server closes first, and the client connects again");
        incoming(trial, there);
    }

    /** Tries while none is older than the delay; where the kernel lets it be set, there is time for that. */
    private static void tooSoon(Trial trial, Socket listener) throws InterruptedException {
        String usual = setDelay(trial.client(), "5000");
        Duration delay = usual.isEmpty() ? Duration.ofSeconds(1) : Duration.ofSeconds(5);
        CallResult<Boolean> early = connectOnce(trial, listener);
        Duration oldest = age(trial.client().census(), Comparator.reverseOrder());
        trial.observe(TOO_SOON, equalTo("EADDRNOTAVAIL"), () -> {
            if (early.ok() && oldest.compareTo(delay) >= 0) {
                throw new EvidenceMissing("the machine was too slow to be too soon: " + oldest.toMillis() + " ms");
            }
            return early.name();
        });
        if (!usual.isEmpty()) {
            setDelay(trial.client(), usual);
        }
    }

    private static void reuse(Trial trial, Socket plain, Socket bare, long begun) throws InterruptedException {
        int n = trial.knob(PORTS);
        SocketQuery ours =
                SocketQuery.ofStates(TIME_WAIT).withPeerPort(plain.local().getPort());
        CallResult<Boolean> withoutTimestamps = connectOnce(trial, bare);
        Census before = trial.client().census(ours);
        List<Socket> again = connect(trial, plain);
        Census left = trial.client().census(ours);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        trial.observe(REUSED, equalTo(n), () -> (long) again.size());
        trial.observe(TAKEN_OVER, equalTo(0), () -> (long) left.sockets().size());
        trial.observe(RECYCLED, equalTo(n), () -> {
            if (before.sockets().size() < n) {
                throw new EvidenceMissing("a TIME_WAIT was gone before it could be taken over");
            }
            requireTimeWait(took);
            return trial.client().counters().get(RECYCLED_COUNTER);
        });
        trial.observe(NO_TIMESTAMPS, equalTo("EADDRNOTAVAIL"), () -> {
            requireTimeWait(took);
            return withoutTimestamps.name();
        });
        again.forEach(Connection::reset);
    }

    private static void loopbackOnly(Trial trial, Socket near, Socket beyond, long begun) throws InterruptedException {
        if (trial.faulty()) {
            trial.client().setSysctl(REUSE, "2");
        }
        CallResult<Boolean> loopback = connectOnce(trial, near);
        CallResult<Boolean> other = connectOnce(trial, beyond);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        trial.observe(LOOPBACK, equalTo(CallResult.OK), loopback::name);
        trial.observe(NOT_BEYOND_LOOPBACK, equalTo("EADDRNOTAVAIL"), () -> {
            requireTimeWait(took);
            return other.name();
        });
    }

    /** A port whose TIME_WAIT has ended is free for everybody. */
    private static void requireTimeWait(Duration sinceFirst) {
        if (sinceFirst.compareTo(TIMEWAIT_LEN) >= 0) {
            throw new EvidenceMissing("the machine was too busy: TIME_WAIT lasts 60 s, and it was tried after %d s"
                    .formatted(sinceFirst.toSeconds()));
        }
    }

    private static void incoming(Trial trial, InetAddress there) throws InterruptedException {
        int n = trial.knob(PORTS);
        String untouched = trial.server().sysctl(REUSE);
        trial.observe(DEFAULT, equalTo("2"), () -> untouched);
        trial.server().setSysctl(REUSE, trial.faulty() ? "1" : "0");
        Socket listener = listener(trial.server(), new InetSocketAddress(there, 0), trial);
        fill(trial, listener, SERVER);
        List<Socket> again = connect(trial, listener);
        trial.observe(INCOMING, equalTo(n), () -> (long) again.size());
        trial.observe(
                SERVER_GAINS_NOTHING,
                equalTo(0),
                () -> trial.server().counters().get(RECYCLED_COUNTER));
        again.forEach(Connection::reset);
    }

    private static Socket listener(Host host, InetSocketAddress address, Trial trial) {
        return Connection.listener(host, address, 2 * trial.knob(PORTS));
    }

    /** A connection from each of the client's ports, closed by one side first. */
    private static void fill(Trial trial, Socket listener, Role first) throws InterruptedException {
        int n = trial.knob(PORTS);
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            open.add(Connection.open(trial.client().socket(), listener));
        }
        for (Connection connection : open) {
            connection.closeFrom(first);
        }
        Host closer = first == CLIENT ? trial.client() : trial.server();
        int port = listener.local().getPort();
        SocketQuery all = SocketQuery.ofStates(TIME_WAIT);
        closer.await(
                first == CLIENT ? all.withPeerPort(port) : all.withLocalPort(port),
                census -> census.sockets().size() == n,
                SOON);
    }

    /** As many connections as there are ports, or as many as can be had. */
    private static List<Socket> connect(Trial trial, Socket listener) throws InterruptedException {
        List<Socket> connected = new ArrayList<>();
        for (int i = 0; i < trial.knob(PORTS); i++) {
            Socket socket = trial.client().socket();
            if (socket.connect(listener.local(), SOON).ok()) {
                connected.add(socket);
            } else {
                socket.close();
            }
        }
        return connected;
    }

    private static CallResult<Boolean> connectOnce(Trial trial, Socket listener) throws InterruptedException {
        Socket socket = trial.client().socket();
        CallResult<Boolean> result = socket.connect(listener.local(), SOON);
        Connection.reset(socket);
        return result;
    }

    private static Duration youngest(Census census) {
        return age(census, Comparator.naturalOrder());
    }

    /** The age that comes first; nothing, if none is in TIME_WAIT. */
    private static Duration age(Census census, Comparator<Duration> order) {
        return census.in(TIME_WAIT).stream()
                .map(socket -> TIMEWAIT_LEN.minus(socket.timer().expiresIn()))
                .min(order)
                .orElse(Duration.ZERO);
    }

    /** Returns what it was, in milliseconds; empty where the kernel (before 6.15) has no such sysctl. */
    private static String setDelay(Host host, String millis) {
        try {
            String before = host.sysctl(DELAY);
            host.setSysctl(DELAY, millis);
            return before;
        } catch (KernelException absent) {
            return "";
        }
    }
}
