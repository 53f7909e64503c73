package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp.Line;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Match;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Sockets in six states, counted twice: line by line from /proc/net/tcp, as netstat and awk do, and by sock_diag. */
public final class CountedStates extends AbstractExperiment {
    /** More than is needed, and nobody answers there. */
    private static final int NO_LISTENER = 9;

    public CountedStates() {
        super("state-counts", """
                For decades people have counted states with netstat -ant | awk '/^tcp/ {n[$6]++} END {for (s in n) print
                s, n[s]}'. It works: netstat reads /proc/net/tcp and /proc/net/tcp6, where the kernel prints a line per
                socket (tcp4_seq_show), with the same states that ss gets from sock_diag.

                Some pitfalls. Without -a there is no LISTEN. An IPv6 socket, which Java's usually are, is in tcp6 even
                with a (mapped) IPv4 address: reading one file shows half. /proc/net belongs to the process's network
                namespace: the host's netstat doesn't show a container's sockets. TIME_WAIT and orphans have inode 0, so
                -p shows no owner: the kernel doesn't record one. For a LISTEN socket, ss's columns mean something else
                (the accept queue and its limit); netstat doesn't show the limit. And it is slow: with hundreds of
                thousands of sockets the text takes three to four times as long as sock_diag, which can filter in the
                kernel: ss -Htan state close-wait | wc -l.""");
        headline("counting lines of /proc/net/tcp by state, as netstat and awk do, gives the same counts as sock_diag");
        fault("there are sockets in six states");
        control("there is only a listener");
        wire();
        timeWaitKept();
        descriptors(CONNECTIONS, 25, 40);
    }

    final Knob<Integer> CONNECTIONS = integer(
            "connections",
            4,
            1,
            500,
            "connections in TIME_WAIT; two times as many in CLOSE_WAIT, three times in ESTABLISHED, …");

    final Expectation BY_LINES = deciding(SERVER, PROC_NET_TCP, "lines per state, counted as netstat and awk do");
    final Expectation BY_SOCK_DIAG = deciding(SERVER, SOCK_DIAG, "sock_diag has the same counts");
    final Expectation NO_INODE =
            supporting(SERVER, PROC_NET_TCP, "TIME_WAIT lines with an inode: without one, the kernel records no owner");
    final Expectation SAME_OWNERS =
            supporting(SERVER, PROC_NET_TCP, "sockets for which both show the same inode: all that have one");

    final Measure LINES = count("server.lines", "lines", NEITHER, "lines of /proc/net/tcp, including the listener's");
    final Measure SOCKETS = count("server.sockets", "sockets", NEITHER, "sockets in sock_diag, including the listener");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        var server = trial.server();
        Socket listener = trial.listener(8);
        long begun = System.nanoTime();
        if (trial.faulty()) {
            trial.step("connections settle in each state");
            make(trial, listener, n);
        }
        String wanted = "LISTEN 1, SYN_SENT %d, ESTABLISHED %d, CLOSE_WAIT %d, FIN_WAIT_2 %d, TIME_WAIT %d"
                .formatted(5 * n, 3 * n, 2 * n, 4 * n, n);
        Census census = server.await(look -> !trial.faulty() || counts(look).equals(wanted));
        List<Line> lines = server.procNetTcp();
        long took = (System.nanoTime() - begun) / 1_000_000_000;
        busyUnless(took <= 60, "it took %d s until all were counted, and TIME_WAIT lasts 60".formatted(took));
        trial.measure(LINES, lines.size());
        trial.measure(SOCKETS, census.size());
        trial.observe(BY_LINES, equalTo(wanted), counts(lines.stream().map(Line::state)));
        trial.observe(BY_SOCK_DIAG, equalTo(wanted), counts(census));
        Stream<Line> waiting = lines.stream().filter(line -> line.state() == TIME_WAIT);
        trial.observe(
                NO_INODE, equalTo(0), waiting.filter(line -> line.inode() != 0).count());
        Stream<TcpSocket> owned = census.sockets().stream().filter(TcpSocket::hasOwner);
        Set<Long> inodes = owned.map(TcpSocket::inode).collect(toSet());
        long named =
                lines.stream().filter(line -> inodes.contains(line.inode())).count();
        trial.observe(SAME_OWNERS, equalTo(inodes.size()), named);
    }

    /** Each state has another number of sockets, so that none can be taken for another. */
    private static void make(Trial trial, Socket listener, int n) throws InterruptedException {
        trial.open(listener, 2 * n).forEach(connection -> connection.client().close());
        trial.open(listener, 3 * n);
        for (Connection connection : trial.open(listener, 4 * n)) {
            connection.server().shutdownOutput().orThrow("shutdown");
        }
        // Last of them, for a new connection that happened to get the same port would take the TIME_WAIT over.
        for (Connection connection : trial.open(listener, n)) {
            connection.closeFrom(SERVER);
        }
        trial.drop("SYN lost", Match.toClient().syn());
        var client = trial.client().addresses().getFirst();
        for (int i = 0; i < 5 * n; i++) {
            trial.server().socket().startConnect(new InetSocketAddress(client, NO_LISTENER));
        }
    }

    private static String counts(Census census) {
        return counts(census.sockets().stream().map(TcpSocket::state));
    }

    /** In the order of a connection's life; states in which there is no socket are named, too. */
    private static String counts(Stream<TcpState> states) {
        Map<TcpState, Integer> counts = new LinkedHashMap<>();
        Stream.of(LISTEN, SYN_SENT, ESTABLISHED, CLOSE_WAIT, FIN_WAIT2, TIME_WAIT)
                .forEach(one -> counts.put(one, 0));
        states.sorted().forEach(one -> counts.merge(one, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(one -> one.getKey().label() + " " + one.getValue())
                .collect(joining(", "));
    }
}
