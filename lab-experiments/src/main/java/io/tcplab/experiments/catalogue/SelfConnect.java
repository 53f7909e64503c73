package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.Trial.Evidence;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;

/** A client connects to a port of its own host at which nobody listens, and gets that very port: it is connected to itself. */
public final class SelfConnect extends AbstractExperiment {
    private static final int PORT = 20_000;

    public SelfConnect() {
        super("self-connect", """
                connect() takes a local port from ip_local_port_range, then sends its SYN. If it connects to its own
                host, to a port in that range where nobody listens, it may get that very port. Then the SYN arrives at
                the socket that sent it. In SYN_SENT, a SYN means that the other side connects at the same time (RFC
                9293, section 3.5: simultaneous open; tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c). So
                connect() succeeds, one socket is both ends of the connection, and it reads what it writes.

                It happens to clients that retry a local service that is down: each try takes another port, and one in
                some 28,000 is the service's. The client then waits for an answer and reads its own request, and the
                service can't start: its port is in use (EADDRINUSE) although nobody listens. ss shows one line with the
                same address and port on both sides.

                Fixes: give services ports outside ip_local_port_range, or list them in
                net.ipv4.ip_local_reserved_ports, which connect() avoids. A client can compare getsockname() with
                getpeername() after connect(), and close if they are equal.""");
        headline("a client connects to a local port where nobody listens, gets that very port, and talks to itself");
        fault("connect() can take the port that it connects to");
        control("connect() can only take another port");
        transitions();
        set(CLIENT, LocalPorts.RANGE, values -> "%d %d".formatted(PORT, PORT + 1));
        setByFault(CLIENT, LocalPorts.RESERVED, Integer.toString(PORT + 1), Integer.toString(PORT));
        descriptors(30);
    }

    final Knob<Integer> SENT = integer("bytes", 100, 1, 10_000, "bytes that the client sends");

    final Expectation CONNECTED = deciding(CLIENT, ERRNO, "connect() succeeds although nobody listens");
    final Expectation ITSELF = deciding(CLIENT, SOCK_DIAG, "one socket is ESTABLISHED, and its peer is itself");
    final Expectation ECHO = deciding(CLIENT, BYTES, "the client reads every byte that it has sent");
    final Expectation SERVICE =
            deciding(CLIENT, ERRNO, "meanwhile the service can't start: bind() fails with EADDRINUSE");
    final Expectation OPENED =
            supporting(CLIENT, TRANSITIONS, "the socket went through SYN_RECV, as in a simultaneous open");
    final Expectation REFUSED =
            supporting(CLIENT, ERRNO, "once the port is reserved, connect() gets another one: ECONNREFUSED");

    final Measure SELF = sockets(CLIENT, ESTABLISHED, LOWER, "connected to itself: 0 or 1");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("the client connects to its own host");
        trial.client().socket().connect(trial.client().at(PORT), SOON);
        trial.measure(SELF, trial.client().count(ESTABLISHED));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(SENT);
        Host host = trial.client();
        InetSocketAddress service = host.at(PORT);
        trial.step("the client connects to its own host");
        Socket client = host.socket();
        trial.observe(CONNECTED, equalTo(OK), client.connect(service, SOON).name());
        trial.observe(
                ITSELF,
                equalTo(1),
                host.census().count(ESTABLISHED, one -> one.local().equals(one.peer())));
        long read = client.send(n).ok() ? Reading.exactly(n, client) : 0;
        trial.observe(ECHO, equalTo(n), read);

        trial.step("the service starts");
        Socket listener = host.socket();
        listener.reuseAddress(true).orThrow("setsockopt SO_REUSEADDR");
        trial.observe(SERVICE, equalTo("EADDRINUSE"), listener.bind(service).name());
        listener.close();

        trial.step("the port is reserved");
        Connection.reset(client);
        host.setSysctl(LocalPorts.RESERVED, Integer.toString(PORT));
        String refused = host.socket().connect(service, SOON).name();
        trial.observe(REFUSED, equalTo("ECONNREFUSED"), refused);
        // The states of the first socket, until it was connected or refused.
        Evidence<String> opening = () -> labels(trial.states(CLIENT).takeWhile(state -> state != CLOSE));
        trial.observe(OPENED, equalTo("SYN_SENT, SYN_RECV, ESTABLISHED"), opening);
    }
}
