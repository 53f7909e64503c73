package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.PROC_NET_TCP;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static java.util.stream.Collectors.joining;

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
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp.Line;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Sockets in six states, counted twice: line by line from /proc/net/tcp, as netstat and awk do, and by sock_diag. */
public final class CountedStates implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** TCP_TIMEWAIT_LEN of include/net/tcp.h. */
    private static final Duration TIME_WAIT_LASTS = Duration.ofSeconds(60);

    /** More than is needed, and nobody answers there. */
    private static final int NO_LISTENER = 9;

    private static final Knob<Integer> CONNECTIONS = Knob.integer(
            "connections",
            4,
            1,
            500,
            "connections in TIME_WAIT; twice as many in CLOSE_WAIT, thrice in ESTABLISHED, …");

    static final Expectation BY_LINES =
            deciding(SERVER, PROC_NET_TCP, "so many lines of each state, counted as netstat and awk do");
    static final Expectation BY_SOCK_DIAG = deciding(SERVER, SOCK_DIAG, "sock_diag has the same counts");
    static final Expectation NO_INODE = supporting(
            SERVER, PROC_NET_TCP, "lines of TIME_WAIT that name an inode: no process can be told for the others");
    static final Expectation SAME_OWNERS =
            supporting(SERVER, PROC_NET_TCP, "sockets for which both name the same inode: all that have one");

    private static final Measure LINES =
            Measure.count("server.lines", "lines", Better.NEITHER, "lines of /proc/net/tcp, the listener's included");
    private static final Measure SOCKETS = Measure.count(
            "server.sockets", "sockets", Better.NEITHER, "sockets that sock_diag has, the listener included");

    @Override
    public Story story() {
        return new Story(
                "state-counts",
                "counting lines of /proc/net/tcp by state, as netstat and awk do, gives what sock_diag says",
                """
                netstat -ant | awk '/^tcp/ {n[$6]++} END {for (s in n) print s, n[s]}' is how states have been counted for
                decades. It works: netstat reads /proc/net/tcp and /proc/net/tcp6, where the kernel prints a line for each
                socket (tcp4_seq_show), and its states are those that sock_diag tells ss.

                What to mind. Without -a there is no LISTEN. Addresses of IPv4 stand in tcp6, too, mapped, if the
                socket is of IPv6, as Java's usually are: who reads one file sees half. /proc/net is that of the
                process's network namespace: the host's netstat doesn't see a container's sockets. TIME_WAIT and
                orphans have inode 0, so that -p can't say whose they are: the kernel doesn't know either. Of a
                LISTEN socket the columns mean something else in ss (the accept queue and its limit); netstat has
                no limit. And it costs: with hundreds of thousands of sockets the text takes three to four times
                as long as sock_diag, which can filter in the kernel: ss -Htan state close-wait | wc -l.""",
                "there are sockets in six states",
                "there is a listener only",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(BY_LINES, BY_SOCK_DIAG, NO_INODE, SAME_OWNERS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire().withTimeWaitKept();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 25, 40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(LINES, SOCKETS);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        Host server = trial.server();
        Socket listener = Connection.listener(server, 8);
        long begun = System.nanoTime();
        if (trial.faulty()) {
            trial.step("connections come to rest in each state");
            make(trial, listener, n);
        }
        String wanted = "LISTEN 1, SYN_SENT %d, ESTABLISHED %d, CLOSE_WAIT %d, FIN_WAIT_2 %d, TIME_WAIT %d"
                .formatted(5 * n, 3 * n, 2 * n, 4 * n, n);
        Census census =
                trial.faulty() ? server.await(look -> counts(states(look)).equals(wanted), SOON) : server.census();
        List<Line> lines = server.procNetTcp();
        requireWithin(TIME_WAIT_LASTS, System.nanoTime() - begun);
        trial.measure(LINES, lines.size());
        trial.measure(SOCKETS, census.sockets().size());
        trial.observe(
                BY_LINES,
                equalTo(wanted),
                () -> counts(lines.stream().map(Line::state).toList()));
        trial.observe(BY_SOCK_DIAG, equalTo(wanted), () -> counts(states(census)));
        trial.observe(
                NO_INODE,
                equalTo(0),
                () -> lines.stream()
                        .filter(line -> line.state() == TIME_WAIT && line.inode() != 0)
                        .count());
        List<Long> owned = census.sockets().stream()
                .filter(TcpSocket::hasOwner)
                .map(TcpSocket::inode)
                .toList();
        trial.observe(
                SAME_OWNERS,
                equalTo(owned.size()),
                () -> lines.stream()
                        .filter(line -> owned.contains(line.inode()))
                        .count());
    }

    private static void requireWithin(Duration bound, long nanos) {
        if (nanos > bound.toNanos()) {
            throw new EvidenceMissing(
                    "the machine was too busy: it took %d s until all were counted, and TIME_WAIT lasts %d s"
                            .formatted(Duration.ofNanos(nanos).toSeconds(), bound.toSeconds()));
        }
    }

    /** Each state has another number of sockets, so that none can be taken for another. */
    private static void make(Trial trial, Socket listener, int n) throws InterruptedException {
        for (int i = 0; i < n; i++) {
            Connection.open(trial.client(), listener).closeFrom(Role.SERVER);
        }
        for (int i = 0; i < 2 * n; i++) {
            Connection.open(trial.client(), listener).client().close();
        }
        for (int i = 0; i < 3 * n; i++) {
            Connection.open(trial.client(), listener);
        }
        for (int i = 0; i < 4 * n; i++) {
            Connection.open(trial.client(), listener).server().shutdownOutput().orThrow("shutdown");
        }
        trial.wire().add(Rule.drop("SYN lost", Match.toClient().syn()));
        InetSocketAddress nobody =
                new InetSocketAddress(trial.client().addresses().getFirst(), NO_LISTENER);
        for (int i = 0; i < 5 * n; i++) {
            trial.server().socket().startConnect(nobody);
        }
    }

    private static List<TcpState> states(Census census) {
        return census.sockets().stream().map(TcpSocket::state).toList();
    }

    /** In the order of a connection's life; states in which there is no socket are named, too. */
    private static String counts(Collection<TcpState> states) {
        List<TcpState> order = List.of(LISTEN, SYN_SENT, ESTABLISHED, CLOSE_WAIT, FIN_WAIT2, TIME_WAIT);
        String known = order.stream()
                .map(state -> state.label() + " " + count(states, state))
                .collect(joining(", "));
        return Arrays.stream(TcpState.values())
                .filter(state -> !order.contains(state) && states.contains(state))
                .map(state -> ", " + state.label() + " " + count(states, state))
                .collect(joining("", known, ""));
    }

    private static long count(Collection<TcpState> states, TcpState wanted) {
        return states.stream().filter(state -> state == wanted).count();
    }
}
