package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.toSet;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.*;
import io.tcplab.kernel.sockets.ProcNetTcp.Line;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Sockets in six states, counted twice: line by line from /proc/net/tcp, as netstat and awk do, and by sock_diag. */
public final class CountedStates extends AbstractExperiment {
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

    final Knob<Integer> CONNECTIONS = integer("connections", 4, 1, 500, """
            connections in TIME_WAIT; two times as many in CLOSE_WAIT, three times in ESTABLISHED, …""");

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
        trial.stepIfFaulty("connections settle in each state", () -> SixStates.make(trial, listener, n));
        String wanted = SixStates.wanted(n);
        Census census =
                server.await(look -> !trial.faulty() || SixStates.counts(look).equals(wanted));
        List<Line> lines = server.procNetTcp();
        long took = (System.nanoTime() - begun) / 1_000_000_000;
        busyUnless(took <= 60, "it took %d s until all were counted, and TIME_WAIT lasts 60".formatted(took));
        trial.measure(LINES, lines.size());
        trial.measure(SOCKETS, census.size());
        trial.observe(BY_LINES, equalTo(wanted), SixStates.counts(lines.stream().map(Line::state)));
        trial.observe(BY_SOCK_DIAG, equalTo(wanted), SixStates.counts(census));
        Stream<Line> waiting = lines.stream().filter(line -> line.state() == TIME_WAIT);
        trial.observe(
                NO_INODE, equalTo(0), waiting.filter(line -> line.inode() != 0).count());
        Stream<TcpSocket> owned = census.sockets().stream().filter(TcpSocket::hasOwner);
        Set<Long> inodes = owned.map(TcpSocket::inode).collect(toSet());
        long named =
                lines.stream().filter(line -> inodes.contains(line.inode())).count();
        trial.observe(SAME_OWNERS, equalTo(inodes.size()), named);
    }
}
