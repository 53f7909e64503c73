package io.tcplab.experiments.cell;

import static java.util.stream.Collectors.toSet;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tcplab.client.LabClient;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.memory.TcpMemory;
import io.tcplab.kernel.memory.TcpMemoryReader;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.RawCensus;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketDescriptors;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.Behaviour;
import io.tcplab.server.LabServer;
import io.tcplab.server.ServerOptions;
import io.tcplab.transport.TransportUnavailable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A host whose server and load run in this process, on threads that live in the host's network namespace. */
public final class LocalHost implements Host, AutoCloseable {
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
        try {
            counterReader = CounterReader.open(view.namespace());
        } catch (RuntimeException e) {
            throw Release.after(e, sockDiag);
        }
        try {
            before = counterReader.read();
        } catch (RuntimeException e) {
            throw Release.after(e, sockDiag, counterReader);
        }
    }

    /**
     * The host that is the container in which this process runs.
     *
     * @param addresses the container's, all of them there already
     */
    public static LocalHost ofContainer(List<InetAddress> addresses) {
        return new LocalHost(new HostView(Namespace.current(), addresses, NamespaceSharing.WITH_RESOLVER));
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
        LabServer server = usable(() -> LabServer.start(
                wanted, behaviour, view.namespace().threadFactory("server"), new CompositeMeterRegistry()));
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
        LabClient client = usable(() -> LabClient.start(plan, view.namespace().threadFactory("client")));
        running.push(client);
        return new LocalLoad(client);
    }

    /**
     * As {@link #load(LoadPlan)}, begun at an instant of System.nanoTime's clock; returns when it has begun.
     *
     * @param instant asked when all else is ready; may block
     */
    public TimedLoad loadAt(LoadPlan plan, LongSupplier instant) {
        LabClient client = usable(() -> LabClient.startAt(plan, view.namespace().threadFactory("client"), instant));
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
                    "the kernel interrupted every attempt to list the sockets: too much changed in between");
        }
        return ofThisHost(census);
    }

    /** As {@link #census(SocketQuery)}, as the kernel wrote it: sockets that aren't the host's are still in there. */
    public RawCensus rawCensus(SocketQuery query) {
        return sockDiag.raw(query);
    }

    @Override
    public StateCounts states() {
        return view.sharing() == NamespaceSharing.EXCLUSIVE ? sockDiag.counts(SocketQuery.all()) : census().counts();
    }

    /** How many of the namespace's sockets that the query asks for are in each state. */
    public StateCounts states(SocketQuery query) {
        return sockDiag.counts(query);
    }

    @Override
    public Census await(SocketQuery query, Predicate<Census> condition, Duration within) throws InterruptedException {
        return CensusPolling.until(() -> census(query), condition, within);
    }

    @Override
    public Counters counters() {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "this host's counters cover every program's sockets, not only the cell's; --sandbox namespaces"
                            + " has its own counters");
        }
        return counterReader.read().since(before);
    }

    @Override
    public List<ProcNetTcp.Line> procNetTcp() {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "this host's /proc/net/tcp lists every program's sockets, not only the cell's; use --sandbox"
                            + " namespaces");
        }
        List<ProcNetTcp.Line> lines = ProcNetTcp.read(view.namespace());
        Set<Long> others = sockDiag.census(SocketQuery.ofStates(TcpState.LISTEN)).sockets().stream()
                .filter(socket -> !view.has(socket))
                .map(TcpSocket::inode)
                .collect(toSet());
        return lines.stream().filter(line -> !others.contains(line.inode())).toList();
    }

    @Override
    public TcpMemory memory() {
        if (view.shared()) {
            throw new EvidenceMissing(
                    "this host's memory figures cover every program's sockets, not only the cell's; use --sandbox"
                            + " namespaces");
        }
        TcpMemory memory = memoryReader().read();
        if (!memory.consistent()) {
            throw new EvidenceMissing(
                    "sock_diag and /proc/net/sockstat disagreed at every attempt: too much changed in between");
        }
        return memory;
    }

    private TcpMemoryReader memoryReader() {
        try {
            return TcpMemoryReader.of(view.namespace(), sockDiag);
        } catch (KernelException e) {
            throw new EvidenceMissing("the size of the kernel's socket objects is unknown: " + e.getMessage(), e);
        }
    }

    @Override
    public String sysctl(String name) {
        return view.sysctls().read(name);
    }

    @Override
    public long descriptors(List<TcpSocket> sockets) {
        Set<Long> held = SocketDescriptors.inodes();
        return sockets.stream().map(TcpSocket::inode).filter(held::contains).count();
    }

    /** A machine without a transport has no evidence of what is done by it; the lab isn't broken. */
    private static <T> T usable(Supplier<T> start) {
        try {
            return start.get();
        } catch (TransportUnavailable e) {
            throw new EvidenceMissing(String.valueOf(e.getMessage()), e);
        }
    }

    private Census ofThisHost(Census census) {
        if (view.sharing() == NamespaceSharing.EXCLUSIVE) {
            return census;
        }
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
        view.sysctls().write(name, value);
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
