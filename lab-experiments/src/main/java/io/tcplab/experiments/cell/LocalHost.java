package io.tcplab.experiments.cell;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tcplab.client.LabClient;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketDescriptors;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.server.Behaviour;
import io.tcplab.server.LabServer;
import io.tcplab.server.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A host whose server and load run in this process, on threads that live in the host's network namespace. */
final class LocalHost implements Host, AutoCloseable {
    /** Nothing in the kernel announces queue lengths or the end of TIME_WAIT, so a wait looks again this often. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /** A wait rests so many times as long as it looks, for a dump walks the tables of all namespaces, … */
    private static final int REST = 20;

    /** … but no longer than this. */
    private static final Duration LOOK_AT_LAST = Duration.ofMillis(200);

    private final HostView view;
    private final Sockets sockets;
    private final SockDiag sockDiag;
    private final CounterReader counterReader;
    private final Counters before;
    private final ConcurrentLinkedDeque<AutoCloseable> running = new ConcurrentLinkedDeque<>();

    /** Opens the host's sources of evidence and notes where its counters stand. */
    LocalHost(HostView view) {
        this.view = view;
        sockets = new Sockets(view.namespace());
        sockDiag = SockDiag.open(view.namespace());
        counterReader = CounterReader.open(view.namespace());
        before = counterReader.read();
    }

    @Override
    public List<InetAddress> addresses() {
        return view.addresses();
    }

    @Override
    public RunningServer serve(Behaviour behaviour, ServeOptions options) {
        ServerOptions wanted = ServerOptions.at(new InetSocketAddress(view.bind(), 0))
                .withBacklog(options.backlog())
                .withTransport(options.transport());
        LabServer server = LabServer.start(
                wanted, behaviour, view.namespace().threadFactory("server"), new CompositeMeterRegistry());
        running.push(server);
        int port = server.address().getPort();
        List<InetSocketAddress> listening = view.addresses().stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        return new LocalServer(server, listening);
    }

    @Override
    public LoadPlan plan(Load load, RunningServer server) {
        LoadPlan plan = LoadPlan.of(load, server.addresses().getFirst());
        return view.shared()
                ? plan.withSources(
                        List.of(new InetSocketAddress(view.addresses().getFirst(), 0)))
                : plan;
    }

    @Override
    public RunningLoad load(LoadPlan plan) {
        LabClient client = LabClient.start(plan, view.namespace().threadFactory("client"));
        running.push(client);
        return new LocalLoad(client);
    }

    @Override
    public Socket socket() {
        return sockets.open();
    }

    @Override
    public Census census(SocketQuery query) {
        Census census = sockDiag.census(query);
        if (!census.complete()) {
            throw new EvidenceMissing(
                    "the kernel interrupted each try at a census of sockets: too much changed meanwhile");
        }
        return view.shared() ? ofThisHost(census) : census;
    }

    @Override
    public StateCounts states() {
        return view.shared() ? census().counts() : sockDiag.counts(SocketQuery.all());
    }

    @Override
    public Census await(SocketQuery query, Predicate<Census> condition, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            long before = System.nanoTime();
            Census census = census(query);
            long now = System.nanoTime();
            if (condition.test(census) || now >= deadline) {
                return census;
            }
            TimeUnit.NANOSECONDS.sleep(Math.clamp(REST * (now - before), LOOK_AGAIN.toNanos(), LOOK_AT_LAST.toNanos()));
        }
    }

    @Override
    public Counters counters() {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "this host's counters count every program's sockets, not the cell's alone; --sandbox namespaces has counters of its own");
        }
        return counterReader.read().since(before);
    }

    @Override
    public List<ProcNetTcp.Line> procNetTcp() {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "this host's /proc/net/tcp lists every program's sockets, not the cell's alone; use --sandbox namespaces");
        }
        return ProcNetTcp.read(view.namespace());
    }

    @Override
    public String sysctl(String name) {
        return Sysctls.of(view.namespace()).read(name);
    }

    @Override
    public long descriptors(List<TcpSocket> sockets) {
        Set<Long> held = SocketDescriptors.inodes();
        return sockets.stream().map(TcpSocket::inode).filter(held::contains).count();
    }

    private Census ofThisHost(Census census) {
        return new Census(
                census.atNanos(), census.sockets().stream().filter(view::has).toList(), census.complete());
    }

    @Override
    public void setSysctl(String name, String value) {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "the host sandbox changes nothing on this host, and the run needs %s=%s; use --sandbox namespaces"
                            .formatted(name, value));
        }
        Sysctls.of(view.namespace()).write(name, value);
    }

    @Override
    public void close() {
        Closing.all(running, sockets, this::destroyOrphans, sockDiag, counterReader);
    }

    /** What still waits for an acknowledgement when its process has closed it would keep the namespace alive for minutes. */
    private void destroyOrphans() {
        if (!view.shared()) {
            sockDiag.destroy(SocketQuery.ofStates(TcpState.FIN_WAIT1, TcpState.CLOSING, TcpState.LAST_ACK));
        }
    }

    private record LocalServer(LabServer server, List<InetSocketAddress> addresses) implements RunningServer {
        @Override
        public void resumeAccepting() {
            server.resumeAccepting();
        }
    }
}
