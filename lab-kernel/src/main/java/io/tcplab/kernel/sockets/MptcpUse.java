package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.netns.Namespace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Whether a namespace has any MPTCP sockets, by the kernel's own count in /proc/net/protocols: of exactly those that sock_diag
 * lists, listeners and tokens (since Linux 6.2; mptcp_listen() in net/mptcp/protocol.c, net/mptcp/token.c).
 *
 * <p>To list them the kernel walks the whole machine's table of tokens, twice, whichever namespace asks: of 64 cells that waited for
 * TIME_WAIT to end, 95 % of the processor time went there. Reading the count is some twenty microseconds.
 */
final class MptcpUse implements AutoCloseable {
    /** thread-self, since /proc/net is that of the process's first thread. An open file belongs to the namespace where it was opened. */
    private static final String FILE = "/proc/thread-self/net/protocols";

    /** Two releases later than it came, and so no release in between that may lack it. */
    private static final KernelRelease COUNTED = KernelRelease.parse("6.4");

    /** MPTCP and MPTCPv6; the third word of a row is how many sockets there are. */
    private static final String NAME = "MPTCP";

    private static final int COUNT = 2;

    /** Some fifty rows of a hundred bytes. */
    private static final int BUFFER_BYTES = 1 << 15;

    private final OptionalInt fd;
    private final ByteBuffer buffer = Libc.buffer(BUFFER_BYTES);
    private boolean closed;

    private MptcpUse(OptionalInt fd) {
        this.fd = fd;
    }

    /** Opens the count, where there is one. */
    static MptcpUse open(Namespace namespace) {
        if (!KernelRelease.current().isAtLeast(COUNTED)) {
            return new MptcpUse(OptionalInt.empty());
        }
        int fd = namespace.call(() -> {
            var opened = Libc.open(FILE, Libc.O_RDONLY | Libc.O_CLOEXEC);
            // Without the file it is unknown, as on an older kernel; too many open files are an error as everywhere.
            return opened.failedWith(Errno.ENOENT) || opened.failedWith(Errno.EACCES)
                    ? -1
                    : opened.intOrThrow("open " + FILE, "close files or raise the limit (ulimit -n)");
        });
        return new MptcpUse(fd < 0 ? OptionalInt.empty() : OptionalInt.of(fd));
    }

    /** False if there are none; true as well if it is unknown. */
    synchronized boolean mayBe() {
        if (fd.isEmpty() || closed) {
            return true;
        }
        Libc.pread(fd.getAsInt(), buffer.clear(), 0).orThrow("read " + FILE, "");
        return !buffer.hasRemaining()
                || mayBe(StandardCharsets.US_ASCII.decode(buffer.flip()).toString());
    }

    /** By the file's text; what isn't a count counts as some. */
    static boolean mayBe(String protocols) {
        return protocols
                .lines()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.split("\\s+"))
                .anyMatch(words -> words.length <= COUNT || !words[COUNT].equals("0"));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            fd.ifPresent(open -> Libc.close(open).orThrow("close " + FILE, ""));
        }
    }
}
