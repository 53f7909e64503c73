package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.*;
import io.tcplab.kernel.sysctl.SysctlFile;
import java.util.List;
import java.util.stream.Stream;

/** Settings in the syntax of sysctl.conf: they apply once the file is read, in one namespace. */
public final class SysctlFileApplied extends AbstractExperiment {
    private static final String FIN_TIMEOUT = FinWaits.FIN_TIMEOUT;
    private static final String PORTS = LocalPorts.RANGE;
    private static final String SOMAXCONN = "net.core.somaxconn";
    private static final int QUEUE = 17;
    private static final int LARGER_QUEUE = 100;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 20_099;

    /** Seconds by which its timer may be later than its sysctl says, as it is looked at. */
    private static final double LATE = 0.5;

    public SysctlFileApplied() {
        super("sysctl-file", """
                sysctl -p reads a file line by line and writes each value below /proc/sys, nothing more; nothing
                restarts. So the kernel has the new value immediately. What that means for a socket depends on the
                setting. Some are copied when the socket is created or listens: somaxconn and the buffer sizes. Others
                are looked up when needed: tcp_fin_timeout at close(), ip_local_port_range at connect(). Those also
                affect sockets that already exist.

                There are traps. Sysctls below net belong to the network namespace: a container doesn't inherit the
                host's file (with few exceptions it has the kernel's defaults), and needs docker run --sysctl or a pod's
                securityContext.sysctls. A name that the kernel no longer has, such as tcp_tw_recycle, makes sysctl -p
                fail unless it has a dash in front. If a name has two lines, the later one wins, and /etc/sysctl.d/ has
                many files. And a program that calls listen() with a small backlog, or sets SO_RCVBUF, overrides the
                setting.

                The run's file uses everything the format allows; lab run --sysctl-file accepts the same.""");
        headline("settings in sysctl.conf apply once sysctl -p has read it, to new sockets and some old ones");
        fault("the file is read");
        control("the file exists, but nobody reads it");
        sysctls(FIN_TIMEOUT, PORTS, SOMAXCONN);
        descriptors(30);
    }

    final Knob<Integer> SECONDS =
            integer("fin-timeout", 7, 2, 50, "the tcp_fin_timeout that the file sets, in seconds");

    final Expectation READ_BACK =
            deciding(CLIENT, SYSCTL, "the kernel has the file's values; if a name has two lines, the later one");
    final Expectation NEXT_PORT =
            deciding(CLIENT, SOCK_DIAG, "the next connect() gets its port from the file's ip_local_port_range");
    final Expectation NEXT_LISTENER =
            deciding(CLIENT, SOCK_DIAG, "the next listen() is capped at the file's somaxconn, its queue's limit");
    final Expectation OLD_LISTENER =
            supporting(CLIENT, SOCK_DIAG, "an older listener keeps its limit, copied when listen() was called");
    final Expectation OLD_CONNECTION = deciding(CLIENT, SOCK_DIAG, """
            an older connection uses the file's tcp_fin_timeout, looked up at close(): its FIN_WAIT_2 timer, in s""");
    final Expectation OTHER_HOST =
            supporting(SERVER, SYSCTL, "the other host, another namespace, keeps its tcp_fin_timeout");

    final Measure LIMIT = count(
            "client.backlog", "connections", NEITHER, "the queue limit of a listener created after the file was read");
    final Measure FIN_WAIT =
            timer("client.FIN_WAIT_2.timer", NEITHER, "how long a connection older than the file will wait for a FIN");

    @Override
    public void run(Trial trial) throws InterruptedException {
        Host client = trial.client();
        int seconds = trial.knob(SECONDS);
        Socket listener = trial.listener(8);
        String neighbour = trial.server().sysctl(FIN_TIMEOUT);
        trial.step("a connection and a listener are made");
        Socket old = trial.open(listener).client();
        Socket oldListener = Connection.listener(client, LARGER_QUEUE);
        var settings = SysctlFile.parse(file(seconds)).values();
        trial.stepIfFaulty("the file is read", () -> settings.forEach(client::setSysctl));
        String set = "%d, %d %d, %d".formatted(seconds, FIRST_PORT, LAST_PORT, QUEUE);
        trial.observe(READ_BACK, equalTo(set), () -> readBack(client));

        Socket next = trial.open(listener).client();
        Socket nextListener = Connection.listener(client, LARGER_QUEUE);
        Census census = client.census();
        int port = only(census, ESTABLISHED, next).port();
        long limit = only(census, LISTEN, nextListener).backlog();
        long oldLimit = only(census, LISTEN, oldListener).backlog();
        trial.measure(LIMIT, limit);
        trial.observe(NEXT_PORT, between(FIRST_PORT, LAST_PORT), port);
        trial.observe(NEXT_LISTENER, equalTo(QUEUE), limit);
        trial.observe(OLD_LISTENER, equalTo(LARGER_QUEUE), oldLimit);

        trial.step("the old connection is closed");
        Lasted timer = Leaving.after(old::close, client, FIN_WAIT2, old.port()).byTimer();
        trial.measure(FIN_WAIT, timer::known);
        Lasted.observe(trial, OLD_CONNECTION, List.of(timer), List.of((double) seconds), LATE);
        trial.observe(OTHER_HOST, equalTo(neighbour), () -> trial.server().sysctl(FIN_TIMEOUT));
    }

    /** With every liberty of the format: comments of both kinds, dots and slashes, blanks, what may fail. */
    private static String file(int finTimeout) {
        return """
                # Kernel parameters of this host
                ; and another kind of comment
                net.ipv4.tcp_fin_timeout = %d
                  net/ipv4/ip_local_port_range=%d\t%d
                net.core.somaxconn   =   99
                -net.ipv4.tcp_tw_recycle = 1
                net/core/somaxconn = %d
                """.formatted(finTimeout, FIRST_PORT, LAST_PORT, QUEUE);
    }

    private static String readBack(Host host) {
        return Stream.of(FIN_TIMEOUT, PORTS, SOMAXCONN)
                .map(name -> host.sysctl(name).replaceAll("\\s+", " "))
                .collect(joining(", "));
    }
}
