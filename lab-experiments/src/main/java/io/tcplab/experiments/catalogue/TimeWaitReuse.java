package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.*;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** tcp_tw_reuse lets an outgoing connection have the very port that is in TIME_WAIT; a server gains nothing by it. */
public final class TimeWaitReuse extends AbstractExperiment {
    private static final int FIRST_PORT = 10_000;
    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";

    /** Kernels without tcp_tw_reuse_delay want the clock's next full second, and it is safe to wait for the one after. */
    private static final Duration OLD_ENOUGH = Duration.ofMillis(2_100);

    public TimeWaitReuse() {
        super("time-wait-reuse", """
                With tcp_tw_reuse=1, a connect() that finds a port in TIME_WAIT to the same destination may use it: the
                same port, the same four-tuple. The old connection's TIME_WAIT is removed and its timestamps continue,
                which let the peer distinguish stray segments of the old connection from the new one (tcp_twsk_unique).
                So both need timestamps, and the TIME_WAIT must be older than tcp_tw_reuse_delay, a second (before
                Linux 6.14: than the clock's full second in which it began). 0 turns it off; 2, the default since Linux 4.19, allows it only on
                loopback, where test suites run out of ports.

                It is about outgoing connections. A server that closes first collects TIME_WAIT with or without it, and
                that does no harm: accepting takes no port, and a SYN with the same four-tuple opens a new connection
                anyway (tcp_timewait_state_process). Each time a port is taken over, TWRecycled increases at the client.""");
        headline("tcp_tw_reuse: an outgoing connection takes over the port in TIME_WAIT, the same one");
        fault("net.ipv4.tcp_tw_reuse is 1, or 2 where stated, on both hosts");
        control("net.ipv4.tcp_tw_reuse is 0 on both hosts");
        sysctls(REUSE, ReuseTooSoon.DELAY, TIMESTAMPS, "net.ipv4.ip_local_port_range");
        timeWaitKept();
        localPorts(FIRST_PORT, PORTS);
        setByFault(CLIENT, REUSE, "1", "0");
        descriptors(PORTS, 2, 24);
        takes(4);
        takesToMeasure(2);
    }

    final Knob<Integer> PORTS = integer("ports", 16, 1, 1_000, "size of the client's ip_local_port_range");

    final Expectation REUSED = deciding(
            CLIENT, ERRNO, "tcp_tw_reuse=1: with each port in TIME_WAIT, as many connects succeed as there are ports");
    final Expectation TAKEN_OVER =
            deciding(CLIENT, SOCK_DIAG, "they take the same ports: none of the TIME_WAITs is left");
    final Expectation RECYCLED = deciding(CLIENT, COUNTERS, "each is counted at the client (TcpExtTWRecycled)");
    final Expectation LOOPBACK =
            deciding(CLIENT, ERRNO, "tcp_tw_reuse=2, the default since Linux 4.19, does the same for 127.0.0.1");
    final Expectation NOT_BEYOND_LOOPBACK = supporting(CLIENT, ERRNO, "and not for another host: EADDRNOTAVAIL");
    final Expectation TOO_SOON =
            supporting(CLIENT, ERRNO, "no port is available before tcp_tw_reuse_delay (1 s) is over: EADDRNOTAVAIL");
    final Expectation NO_TIMESTAMPS =
            supporting(CLIENT, ERRNO, "nor at any time if the old connection had no timestamps: EADDRNOTAVAIL");
    final Expectation INCOMING =
            supporting(SERVER, ERRNO, "a server doesn't need tcp_tw_reuse: a new SYN takes over its TIME_WAIT anyway");
    final Expectation SERVER_GAINS_NOTHING =
            supporting(SERVER, COUNTERS, "and gains nothing from it: its TcpExtTWRecycled stays 0");
    final Expectation DEFAULT =
            supporting(SERVER, SYSCTL, "if nobody has set tcp_tw_reuse, a host has 2: loopback only");

    final Measure REUSED_PORTS = count(
            "client.reused", "connections", HIGHER, "connects from ports that have been in TIME_WAIT for a second");
    final Measure COUNTED =
            count("client.TWRecycled", "connections", NEITHER, "TIME_WAITs taken over, as counted by the kernel");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("the client leaves each of its ports in TIME_WAIT");
        var ports = new FilledPorts(trial, trial.knob(PORTS));
        Socket listener = trial.listener(2 * trial.knob(PORTS));
        ports.leave(listener, CLIENT);
        trial.client().await(all -> all.count(TIME_WAIT, one -> !isOlder(one, OLD_ENOUGH)) == 0);
        trial.step("the client connects from the same ports");
        List<Socket> again = trial.connectAsFarAsPossible(listener.local(), trial.knob(PORTS));
        trial.measure(REUSED_PORTS, again.size());
        trial.measure(COUNTED, trial.client().counter("TcpExtTWRecycled"));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("the client leaves each of its ports in TIME_WAIT");
        int n = trial.knob(PORTS);
        var ports = new FilledPorts(trial, n);
        Socket early = trial.listener(2 * n);
        Socket plain = trial.listener(2 * n);
        Socket beyond = trial.listener(2 * n);
        Socket bare = trial.listener(2 * n);
        // The kernel's own choice would be one of the ports that are to be filled.
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), FIRST_PORT - 1);
        Socket near = Connection.listener(trial.client(), loopback, 2 * n);
        long begun = System.nanoTime();
        ReuseTooSoon.observe(trial, TOO_SOON, early, ports);
        ports.leave(plain, CLIENT);
        ports.leave(beyond, CLIENT);
        ports.leave(near, CLIENT);
        trial.client().setSysctl(TIMESTAMPS, "0");
        ports.leave(bare, CLIENT);
        trial.client().setSysctl(TIMESTAMPS, "1");
        trial.step("they grow older than tcp_tw_reuse_delay");
        trial.client().await(all -> all.count(TIME_WAIT, one -> !isOlder(one, OLD_ENOUGH)) == 0);

        trial.step("the client connects from the same ports");
        String withoutTimestamps = tryConnect(trial.client().socket(), bare);
        reuse(trial, plain, begun);
        observeRefused(trial, NO_TIMESTAMPS, withoutTimestamps, begun);
        if (trial.faulty()) {
            trial.client().setSysctl(REUSE, "2");
        }
        trial.observe(LOOPBACK, equalTo(OK), tryConnect(trial.client().socket(), near));
        observeRefused(trial, NOT_BEYOND_LOOPBACK, tryConnect(trial.client().socket(), beyond), begun);

        trial.step("the server closes first, and the client connects again");
        trial.observe(DEFAULT, equalTo("2"), () -> trial.server().sysctl(REUSE));
        trial.server().setSysctl(REUSE, trial.faulty() ? "1" : "0");
        Socket closer = trial.listener(2 * n);
        ports.leave(closer, SERVER);
        List<Socket> again = trial.connectAsFarAsPossible(closer.local(), n);
        trial.observe(INCOMING, equalTo(n), again.size());
        trial.observe(SERVER_GAINS_NOTHING, equalTo(0), () -> trial.server().counter("TcpExtTWRecycled"));
        again.forEach(Connection::reset);
    }

    private void reuse(Trial trial, Socket listener, long begun) throws InterruptedException {
        int n = trial.knob(PORTS);
        SocketQuery ours = SocketQuery.ofStates(TIME_WAIT).withPeerPort(listener.port());
        int before = trial.client().census(ours).size();
        List<Socket> again = trial.connectAsFarAsPossible(listener.local(), n);
        int left = trial.client().census(ours).size();
        double took = (System.nanoTime() - begun) / 1e9;
        trial.observe(REUSED, equalTo(n), again.size());
        trial.observe(TAKEN_OVER, equalTo(0), left);
        trial.observe(RECYCLED, equalTo(n), () -> {
            if (before < n) {
                throw new EvidenceMissing("a TIME_WAIT was gone before it could be taken over");
            }
            requireTimeWait(took);
            return trial.client().counter("TcpExtTWRecycled");
        });
        again.forEach(Connection::reset);
    }

    private static void observeRefused(Trial trial, Expectation expectation, String result, long begun) {
        double took = (System.nanoTime() - begun) / 1e9;
        trial.observe(expectation, equalTo("EADDRNOTAVAIL"), () -> {
            requireTimeWait(took);
            return result;
        });
    }

    /** A port whose TIME_WAIT has ended is free. */
    private static void requireTimeWait(double sinceFirst) {
        boolean lasts = sinceFirst < TIMEWAIT_LEN.toSeconds();
        busyUnless(lasts, "TIME_WAIT lasts 60 s, and it was tried after %.0f s".formatted(sinceFirst));
    }
}
