package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

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
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What exactly a TIME_WAIT forbids: its own four numbers, and a bind() that doesn't say SO_REUSEADDR. */
public final class TimeWaitPort implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String RANGE = "net.ipv4.ip_local_port_range";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";

    private static final int BACKLOG = 8;

    static final Expectation SAME_TUPLE = deciding(
            CLIENT,
            ERRNO,
            "with no port but the one in TIME_WAIT, connect() to the same address and port: EADDRNOTAVAIL");
    static final Expectation OTHER_DESTINATION =
            supporting(CLIENT, ERRNO, "from that port to another address it succeeds");
    static final Expectation BOUND = supporting(
            CLIENT,
            ERRNO,
            "bound to that port by bind(), even the same connection opens: its timestamps tell it from the old");
    static final Expectation NO_TIMESTAMPS =
            deciding(CLIENT, ERRNO, "but not after a connection that had no timestamps: EADDRNOTAVAIL");
    static final Expectation PLAIN_BIND =
            deciding(CLIENT, ERRNO, "bind() to a port in TIME_WAIT fails with EADDRINUSE without SO_REUSEADDR");
    static final Expectation LISTENER_ON_IT = supporting(CLIENT, ERRNO, "with SO_REUSEADDR one can even listen on it");
    static final Expectation PLAIN_RESTART = deciding(
            SERVER,
            ERRNO,
            "a server that closed first can't listen on its port again without SO_REUSEADDR: EADDRINUSE");
    static final Expectation RESTART =
            supporting(SERVER, ERRNO, "with SO_REUSEADDR, before and after, it listens and is connected to");
    static final Expectation LATE_REUSE = deciding(
            SERVER, ERRNO, "SO_REUSEADDR after the restart alone doesn't help: the TIME_WAIT was made without it");

    private static final Measure AGAIN = Measure.count(
            "client.again",
            "connections",
            Better.HIGHER,
            "connections that open from the very port in TIME_WAIT, to which the client has bound: of one");
    private static final Measure RESTARTED = Measure.count(
            "server.restarted",
            "listeners",
            Better.HIGHER,
            "restarts on a port in TIME_WAIT that listen: of two, one of them with SO_REUSEADDR before and after");

    @Override
    public Story story() {
        return new Story(
                "time-wait-port",
                "a port in TIME_WAIT is closed to the same four numbers only, and to a bind() without SO_REUSEADDR",
                """
                "The port can't be used for a minute" is half true. TIME_WAIT belongs to a connection: two addresses
                and two ports. When connect() looks for a port it passes over those four numbers
                (__inet_check_established), and fails with EADDRNOTAVAIL if it finds no others; from the same port to
                any other destination a connection opens at once. Who picks the port by bind() gets even the same four
                numbers, if the old connection had timestamps: segments of the old one can be told by them
                (tcp_twsk_unique). tcp_tw_reuse plays no part in that.

                bind() is stricter, as it knows no destination yet. It refuses a port that anything holds, a TIME_WAIT
                too (inet_csk_bind_conflict: EADDRINUSE), unless both sockets have SO_REUSEADDR, the new one and the
                one that the TIME_WAIT was left by. That is the server that "can't restart for a minute" after it
                closed connections first. The remedy is one line before bind(), and it must have been there in the
                process before, too. On Linux it lets nobody steal a port: a port that somebody listens on remains
                EADDRINUSE.""",
                "the connection is closed by FIN, which leaves TIME_WAIT at the side that closes first",
                "it is closed by RST, which leaves nothing",
                List.of("net.ipv4.tcp_tw_reuse", RANGE, TIMESTAMPS));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of();
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(
                SAME_TUPLE,
                OTHER_DESTINATION,
                PLAIN_BIND,
                LISTENER_ON_IT,
                BOUND,
                NO_TIMESTAMPS,
                PLAIN_RESTART,
                RESTART,
                LATE_REUSE);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain()
                .withTimeWaitKept()
                .with(CLIENT, "net.ipv4.tcp_tw_reuse", "0")
                .with(CLIENT, TIMESTAMPS, "1")
                .withServerAddresses(2);
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(60);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(AGAIN, RESTARTED);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("the client closes first");
        Socket listener = Connection.listener(trial.server(), BACKLOG);
        InetSocketAddress port = leaveClientsPort(trial, listener);
        CallResult<Boolean> again = connect(bound(trial.client(), port), listener.local());
        trial.step("the server closes first, and restarts");
        boolean prepared =
                listen(trial.server(), leaveServersPort(trial, true), true).ok();
        boolean unprepared =
                listen(trial.server(), leaveServersPort(trial, false), false).ok();
        trial.measure(AGAIN, again.ok() ? 1.0 : 0.0);
        trial.measure(RESTARTED, (prepared ? 1.0 : 0.0) + (unprepared ? 1.0 : 0.0));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("the client closes first");
        clientsPort(trial);
        withoutTimestamps(trial);
        trial.step("the server closes first, and restarts");
        serversPort(trial);
    }

    private static void clientsPort(Trial trial) throws InterruptedException {
        Host client = trial.client();
        Socket listener = Connection.listener(trial.server(), BACKLOG);
        InetSocketAddress other = new InetSocketAddress(
                trial.server().addresses().get(1), listener.local().getPort());
        Socket elsewhere = Connection.listener(trial.server(), other, BACKLOG);
        InetSocketAddress port = leaveClientsPort(trial, listener);

        String range = client.sysctl(RANGE);
        client.setSysctl(RANGE, "%1$d %1$d".formatted(port.getPort()));
        CallResult<Boolean> same = connect(client.socket(), listener.local());
        CallResult<Boolean> toOther = connect(client.socket(), elsewhere.local());
        client.setSysctl(RANGE, range);
        CallResult<Boolean> plain = listen(client, port, false);
        CallResult<Boolean> reused = listen(client, port, true);
        CallResult<Boolean> bound = connect(bound(client, port), listener.local());
        trial.observe(SAME_TUPLE, equalTo("EADDRNOTAVAIL"), same::name);
        trial.observe(OTHER_DESTINATION, equalTo(CallResult.OK), toOther::name);
        trial.observe(PLAIN_BIND, equalTo("EADDRINUSE"), plain::name);
        trial.observe(LISTENER_ON_IT, equalTo(CallResult.OK), reused::name);
        trial.observe(BOUND, equalTo(CallResult.OK), bound::name);
    }

    private static void withoutTimestamps(Trial trial) throws InterruptedException {
        trial.client().setSysctl(TIMESTAMPS, "0");
        Socket listener = Connection.listener(trial.server(), BACKLOG);
        InetSocketAddress port = leaveClientsPort(trial, listener);
        CallResult<Boolean> bound = connect(bound(trial.client(), port), listener.local());
        trial.observe(NO_TIMESTAMPS, equalTo("EADDRNOTAVAIL"), bound::name);
        trial.client().setSysctl(TIMESTAMPS, "1");
    }

    /** A client that closes its connection first; returns where it was. */
    private static InetSocketAddress leaveClientsPort(Trial trial, Socket listener) throws InterruptedException {
        Socket first = trial.client().socket();
        first.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        Connection connection = Connection.open(first, listener);
        InetSocketAddress port = first.local();
        close(trial, connection, CLIENT);
        return port;
    }

    private static void serversPort(Trial trial) throws InterruptedException {
        InetSocketAddress prepared = leaveServersPort(trial, true);
        InetSocketAddress unprepared = leaveServersPort(trial, false);
        CallResult<Boolean> plain = listen(trial.server(), prepared, false);
        CallResult<Boolean> late = listen(trial.server(), unprepared, true);
        Socket again = trial.server().socket();
        again.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        CallResult<Boolean> restarted = again.bind(prepared);
        CallResult<Boolean> served = restarted.ok() && again.listen(BACKLOG).ok()
                ? trial.client().socket().connect(prepared, SOON)
                : restarted;
        trial.observe(PLAIN_RESTART, equalTo("EADDRINUSE"), plain::name);
        trial.observe(RESTART, equalTo(CallResult.OK), served::name);
        trial.observe(LATE_REUSE, equalTo("EADDRINUSE"), late::name);
    }

    /** A server that closes its connection first, then its listener, as at its end; returns where it was. */
    private static InetSocketAddress leaveServersPort(Trial trial, boolean reuse) throws InterruptedException {
        Host server = trial.server();
        Socket listener = server.socket();
        listener.reuseAddress(reuse).orThrow("setsockopt SO_REUSEADDR");
        listener.bind(new InetSocketAddress(server.addresses().getFirst(), 0)).orThrow("bind");
        listener.listen(BACKLOG).orThrow("listen");
        InetSocketAddress address = listener.local();
        close(trial, Connection.open(trial.client(), listener), SERVER);
        listener.close();
        return address;
    }

    private static void close(Trial trial, Connection connection, Role first) throws InterruptedException {
        Host closer = first == CLIENT ? trial.client() : trial.server();
        if (!trial.faulty()) {
            connection.resetFrom(first);
            return;
        }
        int before = closer.census().count(TIME_WAIT);
        connection.closeFrom(first);
        closer.await(census -> census.count(TIME_WAIT) > before, SOON);
    }

    private static Socket bound(Host host, InetSocketAddress from) {
        Socket socket = host.socket();
        socket.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        socket.bind(from).orThrow("bind to " + from + " with SO_REUSEADDR");
        return socket;
    }

    /** Leaves nothing behind, whatever it comes to. */
    private static CallResult<Boolean> connect(Socket socket, InetSocketAddress to) throws InterruptedException {
        CallResult<Boolean> result = socket.connect(to, SOON);
        Connection.reset(socket);
        return result;
    }

    private static CallResult<Boolean> listen(Host host, InetSocketAddress address, boolean reuse) {
        try (Socket socket = host.socket()) {
            socket.reuseAddress(reuse).orThrow("setsockopt SO_REUSEADDR");
            CallResult<Boolean> bound = socket.bind(address);
            return bound.ok() ? socket.listen(1) : bound;
        }
    }
}
