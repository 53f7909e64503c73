package io.tcplab.kernel.memory;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SockStat;
import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up what a namespace's connections take, socket by socket. How far the machine's slabs grew would not tell: they are all
 * namespaces' together, keep what is freed for a while, and a namespace that is gone frees its TIME_WAIT later.
 */
public final class TcpMemoryReader {
    private static final int TRIES = 3;
    private static final SocketQuery QUERY = SocketQuery.all().withBuffers();

    private final Namespace namespace;
    private final SockDiag sockDiag;
    private final SlabSizes sizes;

    private TcpMemoryReader(Namespace namespace, SockDiag sockDiag, SlabSizes sizes) {
        this.namespace = namespace;
        this.sockDiag = sockDiag;
        this.sizes = sizes;
    }

    /**
     * Learns the sizes of this kernel's objects.
     *
     * @param sockDiag of the same namespace; it stays the caller's
     * @throws io.tcplab.kernel.KernelException EACCES unless the user is root; ENOENT where the kernel has no slabinfo
     */
    public static TcpMemoryReader of(Namespace namespace, SockDiag sockDiag) {
        return new TcpMemoryReader(namespace, sockDiag, SlabSizes.read());
    }

    /** What they take now. A census is no snapshot; it counts if sockstat, read after it, has the same number of sockets. */
    public TcpMemory read() {
        for (int attempt = 1; ; attempt++) {
            SockDiag.Rows<Row> rows = sockDiag.rows(QUERY, this::row);
            SockStat counted = SockStat.read(namespace);
            boolean consistent = rows.complete() && counted.equals(counted(rows.rows()));
            if (consistent || attempt == TRIES) {
                return sum(rows, consistent);
            }
        }
    }

    private record Row(SocketObject object, boolean listens, int objectBytes, long bufferBytes) {}

    private Row row(SocketMessage socket) {
        SocketObject object = SocketObject.of(socket);
        return new Row(
                object,
                socket.state() == TcpState.LISTEN,
                sizes.of(object.cacheOf(socket)),
                socket.hasBuffers() ? socket.buffers().allocated() : 0);
    }

    /** What sockstat should say. */
    private static SockStat counted(List<Row> rows) {
        return new SockStat(count(rows, SocketObject.FULL), count(rows, SocketObject.TIME_WAIT));
    }

    private static long count(List<Row> rows, SocketObject object) {
        return rows.stream().filter(row -> row.object() == object).count();
    }

    private static TcpMemory sum(SockDiag.Rows<Row> rows, boolean consistent) {
        Map<SocketObject, Integer> objects = new EnumMap<>(SocketObject.class);
        long objectBytes = 0;
        long bufferBytes = 0;
        for (Row row : rows.rows()) {
            if (!row.listens()) {
                objects.merge(row.object(), 1, Integer::sum);
                objectBytes += row.objectBytes();
                bufferBytes += row.bufferBytes();
            }
        }
        return new TcpMemory(rows.atNanos(), objects, objectBytes, bufferBytes, consistent);
    }
}
