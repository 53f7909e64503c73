package io.tcplab.experiments.cell;

import io.tcplab.client.Hold;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.memory.TcpMemory;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One end of a cell: it runs a server or a load, and shows what its kernel says. Every evidence method throws
 * {@link EvidenceMissing} where this sandbox or this user can't have it.
 */
public interface Host {

    /** How long to wait for what a kernel does at once: until nothing has moved for this long. */
    Duration SOON = Duration.ofSeconds(10);

    /** The host's addresses in the cell; it uses the first by default. */
    List<InetAddress> addresses();

    /** This port of the host's first address. */
    default InetSocketAddress at(int port) {
        return new InetSocketAddress(addresses().getFirst(), port);
    }

    /** Starts a server on all of the host's addresses, on one port that the kernel chooses. */
    RunningServer serve(Behaviour behaviour, ServeOptions options);

    /** As {@link #serve(Behaviour, ServeOptions)}, with the defaults. */
    default RunningServer serve(Behaviour behaviour) {
        return serve(behaviour, ServeOptions.defaults());
    }

    /** A plan for a load on the server's first address, to be refined by its {@code with} methods. */
    LoadPlan plan(Load load, RunningServer server);

    /** Starts a load. */
    RunningLoad load(LoadPlan plan);

    /** Starts a load of this many operations, otherwise as {@link #plan} has it. */
    default RunningLoad load(Load load, RunningServer server, long count, UnaryOperator<LoadPlan> refined) {
        return load(refined.apply(plan(load, server).withStop(new Stop.AfterCount(count))));
    }

    /** Opens this many connections, on which nothing is sent, and holds them until they are released. */
    default RunningLoad hold(RunningServer server, int count) {
        return load(new Hold(), server, count, plan -> plan.withPayloadBytes(0).withConcurrency(count));
    }

    /**
     * Makes a TCP socket (IPv4) on this host, to be driven call by call. It ends with the cell, and so do those that it
     * accepts.
     */
    Socket socket();

    /** The cell's sockets on this host that the query asks for. */
    Census census(SocketQuery query);

    /** All the cell's sockets on this host, with their queues, without tcp_info. */
    default Census census() {
        return census(SocketQuery.all());
    }

    /** How many of the cell's sockets on this host are in this state now. */
    default long count(TcpState state) {
        return census().count(state);
    }

    /** How many of the cell's sockets on this host are in this state now, and like that. */
    default long count(TcpState state, Predicate<TcpSocket> which) {
        return census().count(state, which);
    }

    /**
     * How many connections wait for accept() on this host now. A dump reads listeners first: a count sees all that came before it,
     * unlike the census in which they were seen to come.
     */
    default long acceptQueue() {
        return census().acceptQueue();
    }

    /** How many of the cell's sockets on this host are in each state; cheaper than a census. */
    StateCounts states();

    /**
     * Takes censuses until one satisfies the condition, or no socket has changed its state or its queues for this long: a
     * busy machine is slow, but it moves.
     *
     * @return the last census, whether it satisfies the condition or not: the expectation judges, not the wait
     * @throws EvidenceMissing as well if they don't come to rest within ten times as long, or a minute
     */
    Census await(SocketQuery query, Predicate<Census> condition, Duration within) throws InterruptedException;

    /** As {@link #await(SocketQuery, Predicate, Duration)}, with all the cell's sockets on this host. */
    default Census await(Predicate<Census> condition, Duration within) throws InterruptedException {
        return await(SocketQuery.all(), condition, within);
    }

    /** As {@link #await(Predicate, Duration)}, for what happens at once. */
    default Census await(Predicate<Census> condition) throws InterruptedException {
        return await(condition, SOON);
    }

    /** Waits until no socket is in any of these states. */
    default Census awaitNone(TcpState... states) throws InterruptedException {
        return await(census -> census.none(states));
    }

    /** Waits until each socket is in one of these states. */
    default Census awaitOnly(TcpState... states) throws InterruptedException {
        return await(census -> census.only(states));
    }

    /** Waits until exactly this many sockets are in this state. */
    default Census awaitCount(long count, TcpState state) throws InterruptedException {
        return await(census -> census.count(state) == count);
    }

    /** This socket of the host's own, as its kernel has it; nothing, if it is gone. */
    default Census census(Socket own) {
        return census(SocketQuery.all().withLocalPort(own.port()));
    }

    /** Waits for something of {@link #census(Socket)}. */
    default Census await(Socket own, Predicate<Census> condition, Duration within) throws InterruptedException {
        return await(SocketQuery.all().withLocalPort(own.port()), condition, within);
    }

    /** This host's end of the connection that a socket of the other host has; nothing, if there is none. */
    default Census endOf(Socket peer) {
        return census(SocketQuery.all().withPeerPort(peer.port()));
    }

    /** Waits for something of {@link #endOf}. */
    default Census awaitEndOf(Socket peer, Predicate<Census> condition) throws InterruptedException {
        return await(SocketQuery.all().withPeerPort(peer.port()), condition, SOON);
    }

    /** The host's counters since the cell was made. */
    Counters counters();

    /** One of {@link #counters()}: {@code TcpOutRsts}. */
    default long counter(String name) {
        return counters().get(name);
    }

    /**
     * One of {@link #counters()} that some kernels lack.
     *
     * @throws EvidenceMissing as well if this one does
     */
    default long counterIfAny(String name) {
        Counters counters = counters();
        if (!counters.has(name)) {
            throw new EvidenceMissing("this kernel has no counter " + name);
        }
        return counters.get(name);
    }

    /** The host's sockets as {@code /proc/net/tcp} and {@code tcp6} list them. */
    List<ProcNetTcp.Line> procNetTcp();

    /**
     * What the host's connections take of the kernel's memory now. How large the kernel's objects are only root may know.
     *
     * @throws EvidenceMissing as well if sockets came and went at each of the tries: wait until nothing moves
     */
    default TcpMemory memory() {
        throw new EvidenceMissing(
                "this sandbox can't read the size of the kernel's objects; --sandbox namespaces can, as root");
    }

    /** A sysctl's effective value, read from the host. */
    String sysctl(String name);

    /** As {@link #sysctl}, or the error's name if it can't be read: {@code ENOENT}. */
    default String sysctlOrError(String name) {
        try {
            return sysctl(name);
        } catch (KernelException e) {
            return e.errno().toString();
        }
    }

    /** As {@link #sysctl}, of one that is a whole number. */
    default int intSysctl(String name) {
        return Integer.parseInt(sysctl(name));
    }

    /** Sets one of the host's sysctls during a run. What the whole run needs belongs in its {@link CellPlan}. */
    void setSysctl(String name, String value);

    /** How many of these sockets the host's processes hold a file descriptor of, by inode. */
    long descriptors(List<TcpSocket> sockets);
}
