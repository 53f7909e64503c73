package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Closing a descriptor closes the connection only if it is the last one: another process still has it. */
final class SharedFd extends Cause {
    SharedFd() {
        super("shared-fd", "CLOSE_WAIT kept open by another process");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.closeWaits().of(CloseWaits.Kind.SHARED);
        if (sockets.isEmpty()) {
            return List.of();
        }
        int growth = evidence.closeWaits().growth(sockets);
        Set<Integer> pids = new TreeSet<>();
        sockets.forEach(socket ->
                evidence.holders(socket).stream().map(SocketHolder::pid).forEach(pids::add));
        boolean several = sockets.stream()
                .anyMatch(socket -> evidence.holders(socket).stream()
                                .map(SocketHolder::pid)
                                .distinct()
                                .count()
                        > 1);
        List<String> lines = new ArrayList<>();
        lines.add("their descriptors are open in "
                + pids.stream()
                        .limit(6)
                        .map(evidence.programs()::label)
                        .reduce((one, next) -> one + ", " + next)
                        .orElse("?"));
        lines.add(Words.age(evidence, sockets, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " closed by the peer, kept open by a descriptor in "
                        + (several ? "another process" : "a process that doesn't listen there"),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                several ? Certainty.LIKELY : Certainty.POSSIBLE,
                several
                        ? "more than one process has a descriptor of the same socket, and the kernel sends the FIN"
                                + " only when the"
                                + " last one closes"
                        : "the process that listens there has no descriptor of them, or shares accepted connections"
                                + " with its children:"
                                + " a child inherited them, or a worker received them",
                List.of(
                        several
                                ? new Rival(
                                        "eof-read-not-closed: the process that serves them doesn't close either",
                                        "end the other processes: do the connections close?")
                                : new Rival(
                                        "eof-read-not-closed, or eof-not-read: they were passed on (SCM_RIGHTS),"
                                                + " and the receiver"
                                                + " doesn't close them, or doesn't read",
                                        "the program: does it pass connections to other processes on purpose?")),
                lines,
                (several ? "" : "If " + holder(evidence, sockets) + " doesn't need them: ")
                        + "Children inherit descriptors: set FD_CLOEXEC (SOCK_CLOEXEC, accept4) if a child doesn't"
                        + " need them;"
                        + " after fork() the parent closes the connection and the child the listener."
                        + (several ? "" : " If it received them to serve them, close() is missing there."),
                Reproduction.CLOSE_WAIT_LEAK.experiment()));
    }

    private static String holder(Evidence evidence, List<SocketRow> sockets) {
        return sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .map(holder -> evidence.programs().label(holder.pid()))
                .findFirst()
                .orElse("it");
    }
}
