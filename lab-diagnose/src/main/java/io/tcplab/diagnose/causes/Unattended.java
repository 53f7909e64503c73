package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.List;
import java.util.Optional;

/** A listener for which no thread waits: none of those who have it is in accept() or in a loop, and no epoll of theirs watches it. */
final class Unattended {
    private Unattended() {}

    /** That it is so; empty if a thread waits or may wait, or if that can't be seen. */
    static Optional<String> words(Evidence evidence, SocketRow listener) {
        List<SocketHolder> holders = evidence.holders(listener);
        boolean all = !holders.isEmpty()
                && holders.stream()
                        .allMatch(holder -> evidence.programs()
                                .process(holder.pid())
                                .filter(process -> isUnattended(process, holder, listener))
                                .isPresent());
        if (!all) {
            return Optional.empty();
        }
        ProcessSample first =
                evidence.programs().process(holders.getFirst().pid()).orElseThrow();
        return Optional.of("nobody waits for connections there: no thread of " + first.label()
                + (holders.size() == 1 ? "" : " or the others that hold it")
                + " is in accept(), poll() or an epoll that watches it; "
                + Threads.of(evidence, first, List.of()).words());
    }

    private static boolean isUnattended(ProcessSample process, SocketHolder holder, SocketRow listener) {
        return !process.threads().isEmpty()
                && process.watches().isPresent()
                && process.rings().isEmpty()
                && !process.suspension().isSuspended()
                && Waiting.watches(process, new Unread.Held(listener, holder.fd()))
                        .isEmpty()
                && process.threads().stream().allMatch(Unattended::isAtRestElsewhere);
    }

    /** One that runs may be about to wait there. */
    private static boolean isAtRestElsewhere(ThreadCall thread) {
        return thread.isAsleep()
                && !thread.waitsIn(SystemCall.ACCEPT)
                && !thread.waitsIn(SystemCall.POLL)
                && !thread.waitsIn(SystemCall.RESTARTED);
    }
}
