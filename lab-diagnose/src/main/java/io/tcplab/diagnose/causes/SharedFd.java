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
final class SharedFd implements Cause {
    @Override
    public String id() {
        return "shared-fd";
    }

    @Override
    public String lookedFor() {
        return "CLOSE_WAIT that another process keeps open";
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
        lines.add("descriptors of them are open in "
                + pids.stream()
                        .limit(6)
                        .map(evidence::label)
                        .reduce((one, next) -> one + ", " + next)
                        .orElse("?"));
        lines.add("the oldest has been so for at least " + Words.time(Words.oldest(evidence, sockets)) + "; "
                + Words.growth(evidence, growth));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                id(),
                Words.count(sockets.size(), "connection")
                        + " that the peer has closed, kept open by a descriptor in "
                        + (several ? "another process" : "a process that doesn't listen there"),
                Optional.of(TcpState.CLOSE_WAIT),
                sockets.size(),
                growth,
                several ? Certainty.LIKELY : Certainty.POSSIBLE,
                several
                        ? "more than one process has a descriptor of the same socket, and the FIN is sent only when the"
                                + " last one closes"
                        : "whoever listens there has no descriptor of them, or shares what it accepts with its children: a child"
                                + " has inherited them, or a worker was handed them",
                List.of(
                        several
                                ? new Rival(
                                        "eof-read-not-closed: whoever serves them doesn't close either",
                                        "end the others: do the connections go away?")
                                : new Rival(
                                        "eof-read-not-closed, or eof-not-read: they were handed over (SCM_RIGHTS), and the one that"
                                                + " has them doesn't close, or doesn't come to read",
                                        "the program: does it pass connections to other processes on purpose?")),
                lines,
                (several ? "" : "If " + holder(evidence, sockets) + " has no use for them: ")
                        + "Children inherit descriptors: set FD_CLOEXEC (SOCK_CLOEXEC, accept4) where a child has no use for them;"
                        + " after fork() the parent closes the connection and the child the listener."
                        + (several ? "" : " If it was handed them to serve them, it is there that close() is missing."),
                Reproduction.CLOSE_WAIT_LEAK.experiment()));
    }

    private static String holder(Evidence evidence, List<SocketRow> sockets) {
        return sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .map(holder -> evidence.label(holder.pid()))
                .findFirst()
                .orElse("it");
    }
}
