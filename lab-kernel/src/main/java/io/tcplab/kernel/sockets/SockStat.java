package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;
import java.util.List;

/**
 * What {@code /proc/net/sockstat} and {@code sockstat6} count for a namespace: another way to the same sockets than
 * sock_diag's, by counters that the kernel keeps as sockets come and go. To read them costs microseconds, however many sockets there are.
 *
 * <p>Of the members of its line "TCP:" only these two are a namespace's own. {@code orphan}, {@code alloc} and {@code mem} are the whole
 * machine's (sockstat_seq_show() in net/ipv4/proc.c), and so say nothing about a cell.
 *
 * @param inUse full sockets, listeners included, IPv4 and IPv6
 * @param timeWait minisockets: TIME_WAIT, and FIN_WAIT_2 without an owner; both families
 */
public record SockStat(long inUse, long timeWait) {
    /** thread-self, since /proc/net is that of the process's first thread. */
    private static final String V4 = "/proc/thread-self/net/sockstat";

    private static final String V6 = "/proc/thread-self/net/sockstat6";

    /**
     * Reads both files inside the namespace.
     *
     * @throws KernelException if /proc isn't mounted
     */
    public static SockStat read(Namespace namespace) {
        return namespace.call(() -> parse(ProcFile.read(V4), v6()));
    }

    static SockStat parse(String sockstat, String sockstat6) {
        return MalformedException.unlessRead("/proc/net/sockstat", sockstat, () -> {
            List<String> tcp = words(sockstat, "TCP");
            long inUse6 = sockstat6.isEmpty() ? 0 : member(words(sockstat6, "TCP6"), "inuse");
            return new SockStat(member(tcp, "inuse") + inUse6, member(tcp, "tw"));
        });
    }

    /** A kernel without IPv6 has no such file. */
    private static String v6() {
        try {
            return ProcFile.read(V6);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return "";
            }
            throw e;
        }
    }

    private static List<String> words(String text, String protocol) {
        return List.of(ProcFile.field(text, protocol).split(" "));
    }

    private static long member(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0) {
            throw new IllegalStateException("no " + name + " in: " + String.join(" ", words));
        }
        return Long.parseLong(words.get(at + 1));
    }
}
