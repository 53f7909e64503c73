package io.tcplab.kernel.counters;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.netns.Namespace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the counters of one namespace, from any thread.
 *
 * <p>A file below /proc/PID/net belongs for as long as it is open to the namespace in which PID was when it was opened
 * (fs/proc/proc_net.c, seq_open_net), so the files are opened inside, once, and read again from their beginning.
 * nstat(8) isn't used: it keeps a history between calls.
 */
public final class CounterReader implements AutoCloseable {
    /** thread-self, since /proc/net is that of the process's first thread. */
    private static final List<String> FILES = List.of("/proc/thread-self/net/netstat", "/proc/thread-self/net/snmp");

    /** Both files are below 8 KiB. A read that fills the buffer is refused, not cut. */
    private static final int BUFFER_BYTES = 1 << 16;

    private final List<Integer> fds = new ArrayList<>();
    private final ByteBuffer buffer = Libc.buffer(BUFFER_BYTES);
    private boolean closed;

    private CounterReader() {}

    /**
     * Opens the counters of a namespace.
     *
     * @throws KernelException if a file can't be opened: EMFILE, or ENOENT where /proc is not mounted
     */
    public static CounterReader open(Namespace namespace) {
        CounterReader reader = new CounterReader();
        try {
            namespace.run(() -> FILES.forEach(reader::addFile));
            return reader;
        } catch (RuntimeException e) {
            throw Release.after(e, reader);
        }
    }

    /**
     * All counters, now. The two files are read one after the other, microseconds apart.
     *
     * @throws IllegalStateException if this reader is closed
     */
    public synchronized Counters read() {
        if (closed) {
            throw new IllegalStateException("this counter reader is closed");
        }
        long now = System.nanoTime();
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < fds.size(); i++) {
            CounterTable.parse(text(fds.get(i), FILES.get(i)), values);
        }
        return new Counters(now, values);
    }

    /** Closes the files. May be called again. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Release.all(fds.stream()
                    .<AutoCloseable>map(fd -> () -> Libc.close(fd).orThrow("close counters", ""))
                    .toList());
        }
    }

    private synchronized void addFile(String path) {
        fds.add(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow("open " + path, ""));
    }

    private String text(int fd, String path) {
        Libc.pread(fd, buffer.clear(), 0).orThrow("read " + path, "");
        if (!buffer.hasRemaining()) {
            throw new KernelException(
                    "read " + path, Errno.EOVERFLOW, "the file is larger than " + BUFFER_BYTES + " bytes");
        }
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }
}
