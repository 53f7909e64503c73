package io.tcplab.kernel.transitions;

import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Transitions in the order in which they were read, packed: a storm brings a quarter of a million a second, and as
 * objects they would take seven times the memory. Outside the heap, where the garbage collector need not copy them. Not
 * for several threads at a time.
 */
final class TransitionLog {
    static final int ROW_BYTES = 32;
    private static final int TIME = 0;
    private static final int SOCKET = 8;
    private static final int ENDPOINTS = 16;
    private static final int LOCAL_PORT = 20;
    private static final int PEER_PORT = 22;
    private static final int FROM = 24;
    private static final int TO = 25;

    private static final int ROWS_A_CHUNK = 1 << 15;

    private final TraceFormat format;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    /** Few pairs of addresses make many connections: a row holds its pair's number. */
    private final Map<Endpoints, Integer> numbers = new HashMap<>();

    private final List<InetAddress> locals = new ArrayList<>();
    private final List<InetAddress> peers = new ArrayList<>();
    private final long mask;
    private final long factor;
    private int size;

    TransitionLog(TraceFormat format) {
        this.format = format;
        SecureRandom random = new SecureRandom();
        this.mask = random.nextLong();
        // Odd, so that no two addresses become one.
        this.factor = random.nextLong() | 1;
    }

    /** Adds a row from the tracepoint's raw record. */
    void add(long atNanos, ByteBuffer raw, int offset) {
        if (size == chunks.size() * ROWS_A_CHUNK) {
            chunks.add(Libc.buffer(ROWS_A_CHUNK * ROW_BYTES));
        }
        int row = size++;
        ByteBuffer chunk = chunk(row);
        int at = at(row);
        chunk.putLong(at + TIME, atNanos);
        chunk.putLong(at + SOCKET, disguised(raw.getLong(offset + format.socket())));
        chunk.putInt(
                at + ENDPOINTS,
                number(Endpoints.read(raw, offset + format.localAddress(), offset + format.peerAddress())));
        chunk.putShort(at + LOCAL_PORT, raw.getShort(offset + format.localPort()));
        chunk.putShort(at + PEER_PORT, raw.getShort(offset + format.peerPort()));
        chunk.put(at + FROM, (byte) raw.getInt(offset + format.oldState()));
        chunk.put(at + TO, (byte) raw.getInt(offset + format.newState()));
    }

    int size() {
        return size;
    }

    long atNanos(int row) {
        return chunk(row).getLong(at(row) + TIME);
    }

    long socket(int row) {
        return chunk(row).getLong(at(row) + SOCKET);
    }

    TcpState from(int row) {
        return TcpState.of(chunk(row).get(at(row) + FROM));
    }

    TcpState to(int row) {
        return TcpState.of(chunk(row).get(at(row) + TO));
    }

    InetSocketAddress local(int row) {
        return new InetSocketAddress(localAddress(row), port(row, LOCAL_PORT));
    }

    InetSocketAddress peer(int row) {
        return new InetSocketAddress(peerAddress(row), port(row, PEER_PORT));
    }

    InetAddress localAddress(int row) {
        return locals.get(endpoints(row));
    }

    InetAddress peerAddress(int row) {
        return peers.get(endpoints(row));
    }

    /** Gives a row the addresses and ports of another one, of the same socket. */
    void copyEndpoints(int from, int to) {
        ByteBuffer source = chunk(from);
        ByteBuffer target = chunk(to);
        target.putInt(at(to) + ENDPOINTS, source.getInt(at(from) + ENDPOINTS));
        target.putShort(at(to) + LOCAL_PORT, source.getShort(at(from) + LOCAL_PORT));
        target.putShort(at(to) + PEER_PORT, source.getShort(at(from) + PEER_PORT));
    }

    /** Gives the row's socket another number. */
    void renumber(int row, long socket) {
        chunk(row).putLong(at(row) + SOCKET, socket);
    }

    /**
     * A kernel's address is a secret (kernel.kptr_restrict): what is kept tells one from another, but not where it is.
     */
    private long disguised(long address) {
        return (address ^ mask) * factor;
    }

    private int endpoints(int row) {
        return chunk(row).getInt(at(row) + ENDPOINTS);
    }

    private int port(int row, int field) {
        return Short.toUnsignedInt(chunk(row).getShort(at(row) + field));
    }

    private int number(Endpoints endpoints) {
        Integer known = numbers.get(endpoints);
        if (known != null) {
            return known;
        }
        numbers.put(endpoints, locals.size());
        locals.add(endpoints.local());
        peers.add(endpoints.peer());
        return locals.size() - 1;
    }

    private ByteBuffer chunk(int row) {
        return chunks.get(row / ROWS_A_CHUNK);
    }

    private static int at(int row) {
        return row % ROWS_A_CHUNK * ROW_BYTES;
    }
}
