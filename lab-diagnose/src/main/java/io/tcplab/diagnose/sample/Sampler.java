package io.tcplab.diagnose.sample;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.processes.EventLoops;
import io.tcplab.kernel.processes.HolderSearch;
import io.tcplab.kernel.processes.OpenDescriptors;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Processes;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.processes.Suspension;
import io.tcplab.kernel.processes.ThreadCall;
import io.tcplab.kernel.sockets.ParallelSockDiag;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SockStat;
import io.tcplab.kernel.sockets.TcpState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Takes samples of a subject. Only reads from the kernel; attaches to nothing and changes nothing.
 *
 * <p>Not for several threads at a time.
 */
public final class Sampler implements AutoCloseable {
    /** A machine full of processes with sockets: more than these tell nothing that they don't. */
    private static final int MOST_PROCESSES = 64;

    /** tcp_info doubles the cost of a socket. With more sockets than this, repeated looks show enough. */
    private static final int MOST_WITH_INFO = 50_000;

    private final Subject subject;
    private final ParallelSockDiag diag;
    private final CounterReader counters;
    private final boolean shares;
    private final HolderSearch search = new HolderSearch();
    private List<SocketRow> before = List.of();
    private HeldInodes heldBefore = HeldInodes.NONE;

    private Sampler(Subject subject, ParallelSockDiag diag, CounterReader counters, boolean shares) {
        this.subject = subject;
        this.diag = diag;
        this.counters = counters;
        this.shares = shares;
    }

    /** For some looks. Opens what it needs inside the subject's namespace. The caller closes the subject. */
    public static Sampler open(Subject subject) {
        return open(subject, false);
    }

    /**
     * For looks without end, each judged by what it changes: they share the rows of sockets about which nothing is new but their age, which
     * makes a look dearer and what comes after it cheaper.
     */
    public static Sampler sharing(Subject subject) {
        return open(subject, true);
    }

    private static Sampler open(Subject subject, boolean shares) {
        ParallelSockDiag diag = ParallelSockDiag.open(subject.namespace());
        try {
            return new Sampler(subject, diag, CounterReader.open(subject.namespace()), shares);
        } catch (RuntimeException e) {
            diag.close();
            throw e;
        }
    }

    /** What there is to know: of very many sockets without their tcp_info. */
    public Sample sample() {
        return sample(isWorthInfo(), false);
    }

    /** All that there is to know, whatever it costs. */
    public Sample closely() {
        return sample(true, true);
    }

    private Sample sample(boolean withInfo, boolean everyDescriptor) {
        long started = System.nanoTime();
        SockDiag.Rows<SocketRow> sockets = rows(withInfo);
        Map<Integer, OpenDescriptors> descriptors = new HashMap<>();
        SocketHolders holders = holders(sockets.rows(), everyDescriptor, descriptors);
        Map<Integer, ProcessSample> processes = processes(holders, sockets.rows(), descriptors);
        return sample(sockets, holders, processes, Settings.of(subject.namespace()), started);
    }

    /** What is worth knowing between two samples: the sockets and who holds them, and the counters. */
    public Sample glance() {
        long started = System.nanoTime();
        SockDiag.Rows<SocketRow> sockets = rows(isWorthInfo());
        SocketHolders holders = holders(sockets.rows(), false, new HashMap<>());
        return sample(sockets, holders, Map.of(), new Settings(Map.of()), started);
    }

    /** Closes what was opened, not the subject. */
    @Override
    public void close() {
        counters.close();
        diag.close();
    }

    private boolean isWorthInfo() {
        return SockStat.read(subject.namespace()).inUse() <= MOST_WITH_INFO;
    }

    private SockDiag.Rows<SocketRow> rows(boolean withInfo) {
        long seenNanos = System.nanoTime();
        SockDiag.Rows<SocketRow> found =
                diag.rows(TcpState.reported(), withInfo, message -> SocketRow.of(message, withInfo, seenNanos));
        List<SocketRow> rows = found.rows();
        if (shares) {
            rows = KnownRows.of(before, rows);
            before = rows;
        }
        return new SockDiag.Rows<>(seenNanos, rows, found.complete());
    }

    private SocketHolders holders(
            List<SocketRow> rows, boolean everyDescriptor, Map<Integer, OpenDescriptors> descriptors) {
        HeldInodes last = heldBefore;
        heldBefore = HeldInodes.of(rows);
        return everyDescriptor
                ? search.all(Processes.pids(), descriptors)
                : search.next(Processes.pids(), last.without(heldBefore), heldBefore.without(last), descriptors);
    }

    /** The kernel goes through the table of ports, and so through all sockets that have one. */
    private List<SocketRow> bound(long seenNanos) {
        return isWorthInfo()
                ? diag.rows(Set.of(TcpState.CLOSE), false, message -> SocketRow.of(message, false, seenNanos))
                        .rows()
                : List.of();
    }

    private Sample sample(
            SockDiag.Rows<SocketRow> sockets,
            SocketHolders holders,
            Map<Integer, ProcessSample> processes,
            Settings settings,
            long started) {
        return new Sample(
                sockets.atNanos(),
                System.nanoTime() - started,
                sockets.rows(),
                bound(sockets.atNanos()),
                sockets.complete(),
                counters.read(),
                holders,
                processes,
                settings,
                diag.mptcpListing());
    }

    /** The processes that hold what is the subject's, or may be, or is the other end of it. */
    private Map<Integer, ProcessSample> processes(
            SocketHolders holders, List<SocketRow> sockets, Map<Integer, OpenDescriptors> descriptors) {
        Set<Integer> pids = new TreeSet<>();
        Predicate<SocketRow> relevant = relevant(holders, sockets);
        for (SocketRow socket : sockets) {
            if (socket.isHeld() && relevant.test(socket)) {
                holders.of(socket.inode()).forEach(holder -> pids.add(holder.pid()));
            }
        }
        Map<Integer, ProcessSample> processes = new HashMap<>();
        pids.stream()
                .limit(MOST_PROCESSES)
                .forEach(pid -> Processes.stat(pid)
                        .ifPresent(
                                stat -> processes.put(pid, process(stat, Optional.ofNullable(descriptors.get(pid))))));
        return processes;
    }

    private static ProcessSample process(ProcessStat stat, Optional<OpenDescriptors> open) {
        int pid = stat.id();
        List<ThreadCall> threads = Processes.threads(pid);
        Optional<EventLoops> loops = open.map(descriptors -> EventLoops.of(pid, descriptors));
        return new ProcessSample(
                stat,
                threads,
                Suspension.of(pid, threads),
                loops.map(EventLoops::watches),
                loops.map(EventLoops::rings).orElse(Set.of()),
                open.flatMap(descriptors -> limit(pid, descriptors.count())));
    }

    private Predicate<SocketRow> relevant(SocketHolders holders, List<SocketRow> sockets) {
        return switch (subject.scope()) {
            case Scope.Everything everything -> socket -> true;
            case Scope.OnPort on -> socket -> socket.localPort() == on.port() || socket.peerPort() == on.port();
            case Scope.OfProcess process -> {
                Predicate<SocketRow> own =
                        socket -> holders.of(socket.inode()).stream().anyMatch(holder -> holder.pid() == process.pid());
                Set<Integer> ports = sockets.stream()
                        .filter(socket -> socket.state() == TcpState.LISTEN && own.test(socket))
                        .map(SocketRow::localPort)
                        .collect(Collectors.toSet());
                yield socket ->
                        ports.contains(socket.localPort()) || ports.contains(socket.peerPort()) || own.test(socket);
            }
        };
    }

    private static Optional<FdLimit> limit(int pid, int used) {
        try {
            return Optional.of(FdLimit.of(pid, used));
        } catch (KernelException goneOrDenied) {
            return Optional.empty();
        }
    }
}
