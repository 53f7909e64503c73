package io.tcplab.kernel.transitions;

import io.tcplab.kernel.ffm.DetachedTracefs;
import io.tcplab.kernel.ffm.ProcFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tracepoint sock:inet_sock_set_state of this kernel (include/trace/events/sock.h; since Linux 4.16).
 *
 * @param id by which perf_event_open(2) knows it
 */
record Tracepoint(long id, TraceFormat format) {
    private static final String MOUNTED = "/sys/kernel/tracing";
    private static final String EVENT = "/events/sock/inet_sock_set_state/";

    /**
     * From the tracefs that is mounted, or from one that is mounted nowhere.
     *
     * @throws io.tcplab.kernel.KernelException if neither can be read
     */
    static Tracepoint find() {
        if (Files.isReadable(Path.of(MOUNTED + EVENT + "id"))) {
            return read(MOUNTED);
        }
        try (DetachedTracefs tracefs = DetachedTracefs.open()) {
            return read(tracefs.path());
        }
    }

    private static Tracepoint read(String tracefs) {
        return new Tracepoint(
                Long.parseLong(ProcFile.read(tracefs + EVENT + "id").strip()),
                TraceFormat.parse(ProcFile.read(tracefs + EVENT + "format")));
    }
}
