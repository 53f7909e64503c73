package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;

/** What exactly a TIME_WAIT forbids: its own four numbers, and a bind() that doesn't say SO_REUSEADDR. */
public final class TimeWaitPort extends AbstractExperiment {
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";

    public TimeWaitPort() {
        super("time-wait-port", """
                "The port can't be used for a minute" is half true. TIME_WAIT belongs to a connection: two addresses and
                two ports. When connect() looks for a port, it skips that four-tuple (__inet_check_established), and
                fails with EADDRNOTAVAIL if there is no other. From the same port to any other destination, a connection
                opens immediately. If the client picks the port with bind(), it even gets the same four-tuple, provided
                that the old connection had timestamps, which identify the old one's segments (tcp_twsk_unique).
                tcp_tw_reuse plays no part in that.

                bind() is stricter, because it doesn't know the destination yet. It rejects a port that anything holds,
                including a TIME_WAIT (inet_csk_bind_conflict: EADDRINUSE), unless both sockets have SO_REUSEADDR: the
                new one and the one that left the TIME_WAIT. That is the server that "can't restart for a minute" after
                it closed connections first. The fix is one line before bind(), which the previous process must have had
                too. On Linux this doesn't let anybody steal a port: if somebody listens on it, bind() still fails with
                EADDRINUSE.""");
        headline("a port in TIME_WAIT is blocked only for the same four-tuple, and for a bind() without SO_REUSEADDR");
        fault("the connection is closed by FIN, which leaves TIME_WAIT at the side that closes first");
        control("the connection is closed by RST, which leaves nothing");
        sysctls("net.ipv4.tcp_tw_reuse", LocalPorts.RANGE, TIMESTAMPS);
        timeWaitKept();
        set(CLIENT, "net.ipv4.tcp_tw_reuse", "0");
        set(CLIENT, TIMESTAMPS, "1");
        addresses(1, 2);
        descriptors(60);
    }

    final Expectation SAME_TUPLE = deciding(CLIENT, ERRNO, """
            if the only port is in TIME_WAIT, connect() to the same address and port fails with EADDRNOTAVAIL""");
    final Expectation OTHER_DESTINATION =
            supporting(CLIENT, ERRNO, "from that port, connect() to another address succeeds");
    final Expectation PLAIN_BIND =
            deciding(CLIENT, ERRNO, "bind() to a port in TIME_WAIT fails with EADDRINUSE without SO_REUSEADDR");
    final Expectation LISTENER_ON_IT = supporting(CLIENT, ERRNO, "with SO_REUSEADDR, even listen() on it succeeds");
    final Expectation BOUND = supporting(CLIENT, ERRNO, """
            after bind() to that port, even the same four-tuple connects: timestamps distinguish it from the old \
            connection""");
    final Expectation NO_TIMESTAMPS =
            deciding(CLIENT, ERRNO, "but not if the old connection had no timestamps: EADDRNOTAVAIL");
    final Expectation PLAIN_RESTART = deciding(SERVER, ERRNO, """
            a server that closed first can't listen on its port again without SO_REUSEADDR: EADDRINUSE""");
    final Expectation RESTART = supporting(
            SERVER, ERRNO, "with SO_REUSEADDR before and after the restart, it listens and a client connects");
    final Expectation LATE_REUSE = deciding(SERVER, ERRNO, """
            SO_REUSEADDR only after the restart doesn't help: the TIME_WAIT comes from a socket without it""");

    final Measure AGAIN = count("client.again", "connections", HIGHER, """
            connections from the port in TIME_WAIT, which the client bound: 0 or 1""");
    final Measure RESTARTED = count("server.restarted", "listeners", HIGHER, """
            restarts on a port in TIME_WAIT that can listen, out of two: one without SO_REUSEADDR, one with it \
            before and after""");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("the client closes first");
        Socket listener = trial.listener(LeftPorts.BACKLOG);
        InetSocketAddress port = LeftPorts.ofClient(trial, listener);
        boolean again =
                tryConnect(LeftPorts.bound(trial.client(), port), listener).equals(OK);
        trial.step("the server closes first, and restarts");
        boolean prepared = LeftPorts.listen(trial.server(), LeftPorts.ofServer(trial, true), true)
                .equals(OK);
        boolean unprepared = LeftPorts.listen(trial.server(), LeftPorts.ofServer(trial, false), false)
                .equals(OK);
        trial.measure(AGAIN, again ? 1 : 0);
        trial.measure(RESTARTED, (prepared ? 1 : 0) + (unprepared ? 1 : 0));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.step("the client closes first");
        clientsPort(trial);
        trial.step("the server closes first, and restarts");
        serversPort(trial);
    }

    private void clientsPort(Trial trial) throws InterruptedException {
        Host client = trial.client();
        Socket listener = trial.listener(LeftPorts.BACKLOG);
        InetSocketAddress other =
                new InetSocketAddress(trial.server().addresses().get(1), listener.port());
        Socket elsewhere = Connection.listener(trial.server(), other, LeftPorts.BACKLOG);
        InetSocketAddress port = LeftPorts.ofClient(trial, listener);
        LocalPorts all = new LocalPorts(client.sysctl(LocalPorts.RANGE), client.sysctl(LocalPorts.RESERVED));
        LocalPorts.of(port.getPort(), 1).setOn(client);
        trial.observe(SAME_TUPLE, equalTo("EADDRNOTAVAIL"), tryConnect(client.socket(), listener));
        trial.observe(OTHER_DESTINATION, equalTo(OK), tryConnect(client.socket(), elsewhere));
        all.setOn(client);
        trial.observe(PLAIN_BIND, equalTo("EADDRINUSE"), LeftPorts.listen(client, port, false));
        trial.observe(LISTENER_ON_IT, equalTo(OK), LeftPorts.listen(client, port, true));
        trial.observe(BOUND, equalTo(OK), tryConnect(LeftPorts.bound(client, port), listener));
        client.setSysctl(TIMESTAMPS, "0");
        Socket bare = trial.listener(LeftPorts.BACKLOG);
        InetSocketAddress without = LeftPorts.ofClient(trial, bare);
        trial.observe(NO_TIMESTAMPS, equalTo("EADDRNOTAVAIL"), tryConnect(LeftPorts.bound(client, without), bare));
        client.setSysctl(TIMESTAMPS, "1");
    }

    private void serversPort(Trial trial) throws InterruptedException {
        InetSocketAddress prepared = LeftPorts.ofServer(trial, true);
        InetSocketAddress unprepared = LeftPorts.ofServer(trial, false);
        trial.observe(PLAIN_RESTART, equalTo("EADDRINUSE"), LeftPorts.listen(trial.server(), prepared, false));
        String late = LeftPorts.listen(trial.server(), unprepared, true);
        trial.observe(RESTART, equalTo(OK), LeftPorts.restartAndConnect(trial, prepared));
        trial.observe(LATE_REUSE, equalTo("EADDRINUSE"), late);
    }
}
