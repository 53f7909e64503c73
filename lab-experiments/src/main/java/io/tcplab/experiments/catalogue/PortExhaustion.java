package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.limits.KernelRelease;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A client has as many connections to one address and port as ip_local_port_range has ports, and not one more. */
public final class PortExhaustion extends AbstractExperiment {
    /** More than tcp_tw_reuse_delay, by the kernel's default, so that tcp_tw_reuse could take ports over. */
    private static final Duration OLD = Duration.ofMillis(1_200);

    public PortExhaustion() {
        super("port-exhaustion", """
                Two addresses and two ports identify a connection. With one source address and one destination, only the
                local port can differ, and connect() takes it from net.ipv4.ip_local_port_range (some 28,000 by
                default). When all are in use, open or in TIME_WAIT, connect() fails with EADDRNOTAVAIL
                (inet_hash_connect). Proxies and load generators run into it first.

                The limit applies per four-tuple, so more of any of the four helps: more destination addresses or ports,
                or more source addresses. With several source addresses, bind() with port 0 is a trap: the kernel picks
                the port before it knows the destination, so the port is taken for all destinations, and bind() itself
                fails with EADDRINUSE. IP_BIND_ADDRESS_NO_PORT leaves the choice to connect(). The best fix is to keep
                connections and reuse them for the next request.

                Before Linux 6.18 the trap is deeper. connect() doesn't get a port that bind() once had, even after that
                socket has been closed, as long as another connection still uses the port (tb->fastreuse in
                inet_csk_update_fastreuse and __inet_hash_connect). So one program that binds this way takes ports from
                those that don't.""");
        headline("one destination gets as many connections as there are local ports; then connect() fails");
        fault("all connections go to one address and port");
        control("half of them go to another address");
        sysctls("net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse");
        addresses(2, 2);
        localPorts(10_000, PORTS);
        require(
                knobs -> knobs.get(EXTRA) <= knobs.get(PORTS),
                "extra must be at most ports, or two destinations run out as well");
        descriptors(PORTS, 3, knobs -> 24 + knobs.get(EXTRA));
        takesToMeasure(2);
    }

    final Knob<Integer> PORTS = integer("ports", 64, 2, 1_000, "size of the client's ip_local_port_range");
    final Knob<Integer> EXTRA = integer("extra", 8, 1, 100, "connections beyond that");

    final Expectation FIRST_FAILURE =
            deciding(CLIENT, ERRNO, "as many connects to one destination succeed as there are ports; the next fails");
    final Expectation EADDRNOTAVAIL = deciding(CLIENT, ERRNO, "each one beyond fails with EADDRNOTAVAIL");
    final Expectation ALL_PORTS =
            deciding(CLIENT, SOCK_DIAG, "the kernel has no more connections than there are ports");
    final Expectation DESTINATION = supporting(CLIENT, ERRNO, "fix: another destination has all the ports again");
    final Expectation PLAIN_SOURCE = supporting(CLIENT, ERRNO, """
            another source address, with a plain bind(), has them once for all destinations: then bind() fails""");
    final Expectation NO_PORT =
            supporting(CLIENT, ERRNO, "fix: with IP_BIND_ADDRESS_NO_PORT, it has them for each destination");
    final Expectation AFTER_BIND =
            supporting(CLIENT, ERRNO, "connect() gets a port that bind() had, as soon as only connections use it");
    final Expectation KEEP_ALIVE =
            supporting(CLIENT, BYTES, "fix: one kept connection answers more requests than there are ports");

    final Measure CONNECTED =
            count("client.connected", "connections", HIGHER, "connects to one destination that succeed, all held");
    final Measure NO_PORT_LEFT = count("client.EADDRNOTAVAIL", "connections", LOWER, "connects that found no port");
    final Measure AGAIN = count("client.again", "connections", HIGHER, """
            connects that succeed when all have been closed, and been in TIME_WAIT for a second""");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = listener(trial, 0);
        Attempts attempts = attempts(trial, listener, listener);
        trial.measure(CONNECTED, attempts.succeeded());
        trial.measure(NO_PORT_LEFT, attempts.foundNoPort());
        trial.step("the client closes all, and connects again a second later");
        attempts.closeAll(listener);
        trial.client().await(all -> all.size() == all.count(TIME_WAIT, one -> isOlder(one, OLD)));
        var again = trial.connectAsFarAsPossible(listener.local(), trial.knob(PORTS));
        trial.measure(AGAIN, again.size());
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(PORTS);
        Socket first = listener(trial, 0);
        Socket second = listener(trial, 1);
        Attempts attempts = attempts(trial, first, trial.faulty() ? first : second);
        trial.observe(FIRST_FAILURE, equalTo(n), attempts.succeededInOrder());
        trial.observe(EADDRNOTAVAIL, equalTo(trial.knob(EXTRA)), attempts.foundNoPort());
        trial.observe(ALL_PORTS, equalTo(n), () -> trial.client().count(ESTABLISHED));

        trial.step("the remedies");
        trial.observe(KEEP_ALIVE, equalTo(attempts.count()), attempts.repeatOverOne(first));
        List<Socket> elsewhere = trial.connectAsFarAsPossible(second.local(), n);
        trial.observe(DESTINATION, equalTo(n), elsewhere.size());
        elsewhere.forEach(Connection::reset);
        var other = new OtherSource(trial.client(), n);
        List<Socket> connected = other.connect(first);
        connected.addAll(other.connect(second));
        trial.observe(NO_PORT, equalTo(2L * n), connected.size());
        connected.forEach(Connection::reset);
        trial.observe(PLAIN_SOURCE, equalTo(n + ", then EADDRINUSE"), other.bindEach());
        List<Socket> again = other.connect(second);
        trial.observe(AFTER_BIND, OtherSource.afterBind(KernelRelease.current(), n), again.size());
        again.forEach(Connection::reset);
    }

    private static Socket listener(Trial trial, int nth) {
        var address = trial.server().addresses().get(nth);
        // Nobody accepts but once; each connection lies in the queue, even when it has been reset.
        return Connection.listener(trial.server(), new InetSocketAddress(address, 0), 4_000);
    }

    private Attempts attempts(Trial trial, Socket one, Socket other) throws InterruptedException {
        int all = trial.knob(PORTS) + trial.knob(EXTRA);
        trial.step("%d connections from %d ports".formatted(all, trial.knob(PORTS)));
        return Attempts.of(trial.client(), one, other, all);
    }
}
