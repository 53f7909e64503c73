package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;

/**
 * How many TCP sockets a namespace has, by the kernel's own book-keeping: it costs microseconds, however many there are
 * ({@code /proc/net/sockstat} and {@code sockstat6}, net/ipv4/proc.c and net/ipv6/proc.c).
 *
 * @param full full sockets, listeners included; neither TIME_WAIT nor an orphan's FIN_WAIT_2, which are kept in small
 * @param timeWait those that are kept in small
 */
public record SocketTally(long full, long timeWait) {
    /** thread-self, since /proc/net is that of the process's first thread. */
    private static final String V4 = "/proc/thread-self/net/sockstat";

    private static final String V6 = "/proc/thread-self/net/sockstat6";

    /**
     * Reads it.
     *
     * @throws KernelException if /proc isn't mounted
     */
    public static SocketTally of(Namespace namespace) {
        return namespace.call(() -> parse(ProcFile.read(V4), v6()));
    }

    /** All of them. */
    public long total() {
        return full + timeWait;
    }

    static SocketTally parse(String v4, String v6) {
        return new SocketTally(number(v4, "TCP:", "inuse") + number(v6, "TCP6:", "inuse"), number(v4, "TCP:", "tw"));
    }

    /** A kernel without IPv6 lacks the file. */
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

    /** A line is {@code TCP: inuse 4 orphan 0 tw 2}; 0 if there is no such line or word. */
    private static long number(String text, String line, String name) {
        return text.lines()
                .filter(found -> found.startsWith(line))
                .map(found -> found.split(" ", -1))
                .mapToLong(words -> after(words, name))
                .findFirst()
                .orElse(0);
    }

    private static long after(String[] words, String name) {
        for (int i = 1; i + 1 < words.length; i += 2) {
            if (words[i].equals(name)) {
                return Long.parseLong(words[i + 1]);
            }
        }
        return 0;
    }
}
