package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.causes.Unread.Held;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of connections that a program opened and the peer has closed, as long as they don't grow and their end isn't
 * read: they lie idle in a pool that doesn't look, or the code that leased them has forgotten them.
 */
final class Pools {
    /**
     * As much may be a last word that a server says before it closes an idle connection, in bytes: an alert of TLS (close_notify,
     * some 24 to 37), a GOAWAY of HTTP/2. An answer is longer, but for the error 408 that some send.
     */
    static final long LAST_WORD = 64;

    private final Evidence evidence;
    private final Map<Integer, Owner> owners = new HashMap<>();

    /** What a process is at; found out once, whatever it has open. */
    private record Owner(boolean suspended, boolean spins, boolean waits) {
        static final Owner UNSEEN = new Owner(false, false, false);
    }

    Pools(Evidence evidence) {
        this.evidence = evidence;
    }

    CloseWaits.Kind kind(SocketRow socket) {
        Optional<SocketHolder> holder = evidence.holders(socket).stream().findFirst();
        Owner owner = holder.map(found -> owners.computeIfAbsent(found.pid(), this::owner))
                .orElse(Owner.UNSEEN);
        if (owner.suspended || holder.filter(found -> isToldOf(socket, found)).isPresent()) {
            return CloseWaits.Kind.NOT_READ;
        }
        if (unread(socket) <= LAST_WORD) {
            return CloseWaits.Kind.POOLED;
        }
        return owner.waits && !owner.spins ? CloseWaits.Kind.EXHAUSTED : CloseWaits.Kind.NOT_READ;
    }

    /** Bytes before the FIN, which Recv-Q counts as one; of an MPTCP socket memory, and so more than a last word. */
    static long unread(SocketRow socket) {
        return Math.max(0, socket.recvQueue() - 1);
    }

    /** Whether the holder of each of these is visible, with what its epolls watch and which calls its threads are in. */
    static boolean areSeen(Evidence evidence, List<SocketRow> sockets) {
        Map<Integer, Boolean> seen = new HashMap<>();
        return sockets.stream()
                .map(evidence::holders)
                .allMatch(holders -> !holders.isEmpty()
                        && holders.stream()
                                .allMatch(holder -> seen.computeIfAbsent(
                                        holder.pid(),
                                        pid -> evidence.programs()
                                                .process(pid)
                                                .filter(process -> isSeen(evidence, process))
                                                .isPresent())));
    }

    private static boolean isSeen(Evidence evidence, ProcessSample process) {
        return process.watches().isPresent()
                && !Threads.of(evidence, process, List.of()).areUnseen();
    }

    /** How many threads of those that hold these wait for something else than work: perhaps for one of these. */
    static long waiting(Evidence evidence, List<SocketRow> sockets) {
        return sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .map(SocketHolder::pid)
                .distinct()
                .flatMap(pid -> evidence.programs().process(pid).stream())
                .mapToLong(process -> Threads.of(evidence, process, List.of()).elsewhere())
                .sum();
    }

    private Owner owner(int pid) {
        return evidence.programs()
                .process(pid)
                .map(process -> new Owner(
                        process.suspension().isSuspended(),
                        Unread.spins(evidence, process),
                        Threads.of(evidence, process, List.of()).elsewhere() > 0))
                .orElse(Owner.UNSEEN);
    }

    /** Its event loop watches it: then the pool does check it. */
    private boolean isToldOf(SocketRow socket, SocketHolder holder) {
        return evidence.programs().process(holder.pid()).stream()
                .flatMap((ProcessSample process) -> Waiting.watches(process, new Held(socket, holder.fd())).stream())
                .anyMatch(watch -> watch.forReading() || watch.forPeersEnd() || watch.forWriting());
    }
}
