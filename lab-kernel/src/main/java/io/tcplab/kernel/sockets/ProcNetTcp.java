package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The TCP sockets as text, a line each: {@code /proc/net/tcp} and {@code tcp6}, which netstat reads. {@link SockDiag}
 * tells more, and sooner; this is for comparing the two.
 */
public final class ProcNetTcp {
    /** thread-self, since /proc/net is that of the process's first thread. */
    private static final List<String> FILES = List.of("/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6");

    // The words of a line: get_tcp4_sock() in net/ipv4/tcp_ipv4.c, get_tcp6_sock() in net/ipv6/tcp_ipv6.c
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ProcNetTcp() {}

    /**
     * What a line says.
     *
     * @param state the state; a request socket is in SYN_RECV
     * @param inode the socket's inode; 0 if no descriptor refers to it
     */
    public record Line(TcpState state, long inode) {}

    /**
     * Reads both files inside the namespace, one after the other.
     *
     * @throws KernelException if /proc isn't mounted
     */
    public static List<Line> read(Namespace namespace) {
        List<Line> lines = new ArrayList<>();
        namespace.run(() -> FILES.forEach(file -> lines.addAll(parse(text(file)))));
        return lines;
    }

    /**
     * Reads a file's text.
     *
     * @throws MalformedException naming the line, from 1 for the heading
     */
    static List<Line> parse(String text) {
        List<String> lines = text.lines().toList();
        return IntStream.range(1, lines.size()) // behind the heading
                .mapToObj(i -> MalformedException.unlessRead(
                        "line " + (i + 1) + " of /proc/net/tcp", lines.get(i), () -> line(lines.get(i))))
                .toList();
    }

    private static Line line(String line) {
        List<String> words = List.of(line.strip().split("\\s+", -1));
        return new Line(TcpState.of(Integer.parseInt(words.get(STATE), 16)), Long.parseLong(words.get(INODE)));
    }

    /** A kernel without IPv6 has no tcp6. */
    private static String text(String file) {
        try {
            return ProcFile.read(file);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT && file.endsWith("6")) {
                return "";
            }
            throw e;
        }
    }
}
