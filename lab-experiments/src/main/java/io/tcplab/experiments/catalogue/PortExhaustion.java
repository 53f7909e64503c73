package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Source.BYTES;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client has as many connections to one address and port as ip_local_port_range has ports, and not one more. */
public final class PortExhaustion implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int FIRST_PORT = 10_000;

    /** TCP_TIMEWAIT_LEN in include/net/tcp.h. */
    private static final Duration TIMEWAIT_LEN = Duration.ofSeconds(60);

    private static final Duration OLD = Duration.ofMillis(1_200);

    private static final Knob<Integer> PORTS =
            Knob.integer("ports", 64, 2, 1_000, "size of the client's ip_local_port_range");
    private static final Knob<Integer> EXTRA = Knob.integer("extra", 8, 1, 100, "connections beyond that");

    static final Expectation FIRST_FAILURE = deciding(
            CLIENT, ERRNO, "as many connects to one destination succeed as there are ports, before the first fails");
    static final Expectation EADDRNOTAVAIL = deciding(CLIENT, ERRNO, "each one beyond fails with EADDRNOTAVAIL");
    static final Expectation ALL_PORTS =
            deciding(CLIENT, SOCK_DIAG, "the kernel has no more connections than there are ports");
    static final Expectation DESTINATION =
            supporting(CLIENT, ERRNO, "remedy: another destination has all the ports anew");
    static final Expectation PLAIN_SOURCE = supporting(
            CLIENT,
            ERRNO,
            "another source address, bound as it is, has them once for all destinations: then bind() fails");
    static final Expectation NO_PORT =
            supporting(CLIENT, ERRNO, "remedy: bound with IP_BIND_ADDRESS_NO_PORT, it has them for each destination");
    static final Expectation KEEP_ALIVE =
            supporting(CLIENT, BYTES, "remedy: more requests than ports are answered over one connection that is kept");

    private static final Measure CONNECTED = Measure.count(
            "client.connected", "connections", Better.HIGHER, "connects to one destination that succeed, all held");
    private static final Measure NO_PORT_LEFT =
            Measure.count("client.EADDRNOTAVAIL", "connections", Better.LOWER, "connects that find no port");
    private static final Measure AGAIN = Measure.count(
            "client.again",
            "connections",
            Better.HIGHER,
            "connects that succeed when all have been closed, and been in TIME_WAIT for a second");

    /** A connect and what it came to. */
    private record Attempt(Socket socket, CallResult<Boolean> result) {
        boolean ok() {
            return result.ok();
        }

        boolean foundNoPort() {
            return result.name().equals("EADDRNOTAVAIL");
        }
    }

    /** Where a connection comes from. */
    private enum Origin {
        ANY,
        OTHER
    }

    @Override
    public Story story() {
        return new Story(
                "port-exhaustion",
                "one destination takes as many connections as there are local ports; then connect() fails",
                """
                A connection is known by two addresses and two ports. With one source address and one destination only
                the local port is left to differ, and connect() takes it from net.ipv4.ip_local_port_range (some
                28,000 by default). When each is in use, open or in TIME_WAIT, connect() fails with EADDRNOTAVAIL
                (inet_hash_connect). Proxies and load generators meet it first.

                What counts is four-tuples, so more of any of the four help: more destination addresses or ports, or
                more source addresses. For those, bind() with port 0 is a trap: the kernel picks the port before it
                knows where to, so the port is taken for all destinations, and EADDRINUSE comes from bind() already.
                IP_BIND_ADDRESS_NO_PORT leaves the choice to connect(). The best remedy is to keep connections and
                send the next request over them.""",
                "all connections go to one address and port",
                "half of them go to another address",
                List.of("net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PORTS, EXTRA);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(FIRST_FAILURE, EADDRNOTAVAIL, ALL_PORTS, DESTINATION, PLAIN_SOURCE, NO_PORT, KEEP_ALIVE);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        if (knobs.get(EXTRA) > knobs.get(PORTS)) {
            throw new UsageException(
                    "port-exhaustion: extra must be at most ports, or two destinations run out as well");
        }
        int lastPort = FIRST_PORT + knobs.get(PORTS) - 1;
        return CellPlan.plain()
                .with(CLIENT, "net.ipv4.ip_local_port_range", FIRST_PORT + " " + lastPort)
                .withClientAddresses(2)
                .withServerAddresses(2);
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(PORTS, 3, 24 + knobs.get(EXTRA));
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(CONNECTED, NO_PORT_LEFT, AGAIN);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = listener(trial, 0);
        List<Attempt> attempts = attempts(trial, listener, listener);
        trial.measure(CONNECTED, (double) attempts.stream().filter(Attempt::ok).count());
        trial.measure(NO_PORT_LEFT, (double)
                attempts.stream().filter(Attempt::foundNoPort).count());

        trial.step("the client closes all, and connects again a second later");
        int port = listener.local().getPort();
        for (Attempt attempt : attempts) {
            attempt.socket().close();
            if (attempt.ok()) {
                listener.accept(SOON).orThrow("accept").close();
            }
        }
        trial.client()
                .await(
                        SocketQuery.all().withPeerPort(port),
                        census -> census.count(TIME_WAIT) == census.sockets().size() && isOld(census),
                        SOON);
        trial.measure(AGAIN, (double) connect(trial, listener, Origin.ANY).size());
    }

    /** Older than tcp_tw_reuse_delay, by the kernel's default, so that tcp_tw_reuse could take their ports over. */
    private static boolean isOld(Census census) {
        return census.sockets().stream()
                .allMatch(
                        socket -> TIMEWAIT_LEN.minus(socket.timer().expiresIn()).compareTo(OLD) > 0);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Socket first = listener(trial, 0);
        Socket second = listener(trial, 1);
        List<Attempt> attempts = exhaust(trial, first, second);
        trial.step("the remedies");
        keepAlive(trial, first, attempts);
        destination(trial, second);
        sources(trial, first, second);
    }

    private static List<Attempt> exhaust(Trial trial, Socket first, Socket second) throws InterruptedException {
        int n = trial.knob(PORTS);
        List<Attempt> attempts = attempts(trial, first, trial.faulty() ? first : second);
        long before = attempts.stream().takeWhile(Attempt::ok).count();
        trial.observe(FIRST_FAILURE, equalTo(n), () -> before);
        trial.observe(
                EADDRNOTAVAIL,
                equalTo(trial.knob(EXTRA)),
                () -> attempts.stream().filter(Attempt::foundNoPort).count());
        trial.observe(ALL_PORTS, equalTo(n), () -> (long) trial.client()
                .census(SocketQuery.ofStates(ESTABLISHED))
                .sockets()
                .size());
        return attempts;
    }

    /** Connects to one and the other by turns. */
    private static List<Attempt> attempts(Trial trial, Socket one, Socket other) throws InterruptedException {
        int n = trial.knob(PORTS);
        int all = n + trial.knob(EXTRA);
        trial.step("%d connections from %d ports".formatted(all, n));
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            Socket socket = trial.client().socket();
            attempts.add(new Attempt(socket, socket.connect((i % 2 == 0 ? one : other).local(), SOON)));
        }
        return attempts;
    }

    private static Socket listener(Trial trial, int nth) {
        Host server = trial.server();
        InetSocketAddress address = new InetSocketAddress(server.addresses().get(nth), 0);
        // Nobody accepts but once; each connection lies in the queue, even when it has been reset.
        return Connection.listener(server, address, 4_000);
    }

    private static void keepAlive(Trial trial, Socket listener, List<Attempt> attempts) throws InterruptedException {
        Socket server = listener.accept(SOON).orThrow("accept");
        InetSocketAddress peer = server.peer().orThrow("getpeername");
        Socket client = attempts.stream()
                .map(Attempt::socket)
                .filter(socket -> socket.local().equals(peer))
                .findFirst()
                .orElseThrow();
        int requests = attempts.size();
        long answered = 0;
        for (int i = 0; i < requests; i++) {
            client.send(1).orThrow("send a request");
            server.receive(1, SOON).orThrow("receive a request");
            server.send(1).orThrow("send an answer");
            answered += client.receive(1, SOON).orThrow("receive an answer").length;
        }
        long bytes = answered;
        trial.observe(KEEP_ALIVE, equalTo(requests), () -> bytes);
    }

    private static void destination(Trial trial, Socket second) throws InterruptedException {
        List<Socket> elsewhere = connect(trial, second, Origin.ANY);
        trial.observe(DESTINATION, equalTo(trial.knob(PORTS)), () -> (long) elsewhere.size());
        elsewhere.forEach(Connection::reset);
    }

    private static void sources(Trial trial, Socket first, Socket second) throws InterruptedException {
        int n = trial.knob(PORTS);
        List<Socket> sockets = new ArrayList<>();
        CallResult<Boolean> bound;
        do {
            Socket socket = trial.client().socket();
            sockets.add(socket);
            bound = socket.bind(otherSource(trial));
        } while (bound.ok() && sockets.size() <= n);
        String end = "%d, then %s".formatted(sockets.size() - 1, bound.name());
        trial.observe(PLAIN_SOURCE, equalTo(n + ", then EADDRINUSE"), () -> end);
        sockets.forEach(Socket::close);

        List<Socket> connected = connect(trial, first, Origin.OTHER);
        connected.addAll(connect(trial, second, Origin.OTHER));
        trial.observe(NO_PORT, equalTo(2L * n), () -> (long) connected.size());
        connected.forEach(Connection::reset);
    }

    /** As many connections as there are ports, or as many as can be had. */
    private static List<Socket> connect(Trial trial, Socket listener, Origin origin) throws InterruptedException {
        List<Socket> connected = new ArrayList<>();
        for (int i = 0; i < trial.knob(PORTS); i++) {
            Socket socket = trial.client().socket();
            if (origin == Origin.OTHER) {
                socket.bindAddressNoPort(true).orThrow("setsockopt IP_BIND_ADDRESS_NO_PORT");
                socket.bind(otherSource(trial)).orThrow("bind to the other source address");
            }
            if (socket.connect(listener.local(), SOON).ok()) {
                connected.add(socket);
            } else {
                socket.close();
            }
        }
        return connected;
    }

    private static InetSocketAddress otherSource(Trial trial) {
        return new InetSocketAddress(trial.client().addresses().get(1), 0);
    }
}
