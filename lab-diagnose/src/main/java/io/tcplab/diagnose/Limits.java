package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Causes;
import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.causes.Words;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.MptcpListing;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;

/**
 * What couldn't be seen.
 *
 * @param words a sentence for each thing
 * @param conclusive whether the rest is enough to say that nothing is wrong
 */
record Limits(List<String> words, boolean conclusive) {
    static Limits of(Evidence evidence, Look look) {
        List<String> words = new ArrayList<>();
        boolean conclusive = true;
        Sample last = evidence.last();
        if (look.ended()) {
            words.add("the target ended after " + Words.time(evidence.window()) + "; this is the state until then");
            conclusive = false;
        }
        if (!evidence.samples().stream().allMatch(Sample::complete)) {
            words.add("the kernel's table changed during every attempt to list it (NLM_F_DUMP_INTR): some sockets"
                    + " may be"
                    + " missing, others listed twice");
            conclusive = false;
        }
        if (last.mptcp() == MptcpListing.UNLISTED) {
            words.add("MPTCP sockets: this kernel has MPTCP but doesn't list its sockets, so their subflows show up"
                    + " as TCP sockets."
                    + " To see them: modprobe mptcp_diag");
        }
        words.addAll(ownerless(evidence));
        if (look.scope() instanceof Scope.OfProcess process
                && last.holders().denied().contains(process.pid())) {
            words.add("the descriptors of process " + process.pid()
                    + " aren't visible to this user: run as root, or give its port" + " with --port");
            conclusive = false;
        }
        boolean lacksAges = evidence.in(TcpState.CLOSE_WAIT).stream()
                .anyMatch(socket -> evidence.silentMillis(socket) == SocketMessage.ABSENT);
        if (lacksAges) {
            words.add("tcp_info wasn't read at every look, because there are too many sockets or the kernel sends none:"
                    + " ages are based on what was observed");
        }
        List<String> untold = Causes.all().stream()
                .flatMap(cause -> cause.untold(evidence).stream())
                .toList();
        words.addAll(untold);
        return new Limits(words, conclusive && untold.isEmpty());
    }

    /** The kernel's list and /proc aren't read at the same moment: only what never has an owner has one that can't be seen. */
    private static List<String> ownerless(Evidence evidence) {
        List<SocketRow> unknown = evidence.sockets().stream()
                .filter(socket -> socket.isHeld() && evidence.holders(socket).isEmpty())
                .toList();
        long foreign = unknown.stream()
                .filter(socket -> isOld(evidence, socket) && !hadOwner(evidence, socket))
                .count();
        long passing = unknown.size() - foreign;
        List<String> words = new ArrayList<>();
        if (foreign > 0) {
            words.add("the owner of " + Words.count(foreign, "socket") + " isn't visible: " + whyForeign(evidence)
                    + "; so it is unknown whether a descriptor is shared, and what the owner's threads do");
        }
        if (passing > 0) {
            words.add("the owner of " + Words.count(passing, "socket") + " wasn't found: opened or closed between the"
                    + " kernel's list of sockets and the scan of /proc");
        }
        return words;
    }

    private static String whyForeign(Evidence evidence) {
        if (!evidence.last().holders().denied().isEmpty()) {
            return "descriptors of other users' processes need root (CAP_SYS_PTRACE)";
        }
        return "no process in this pid namespace has a descriptor. It may be in another pid namespace, in transit"
                + " over a Unix socket (SCM_RIGHTS),"
                + " held by an io_uring or a thread with its own descriptors, or by the kernel (NFS, iSCSI)"
                + (evidence.samples().size() == 1 ? ", or it was opened or closed during the only look" : "");
    }

    /** Of a single look nothing is known to be new. */
    private static boolean isOld(Evidence evidence, SocketRow socket) {
        return evidence.samples().size() == 1
                || socket.state() == TcpState.LISTEN
                || evidence.life(socket)
                        .map(life -> life.firstNanos() < evidence.last().atNanos())
                        .orElse(false);
    }

    private static boolean hadOwner(Evidence evidence, SocketRow socket) {
        return evidence.samples().stream()
                .anyMatch(sample -> !sample.holders().of(socket.inode()).isEmpty());
    }
}
