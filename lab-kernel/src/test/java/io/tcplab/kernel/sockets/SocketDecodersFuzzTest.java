package io.tcplab.kernel.sockets;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes in place of what sock_diag and /proc say of sockets. */
class SocketDecodersFuzzTest extends FuzzTests {
    private static final List<byte[]> MESSAGES = Stream.of(
                    "established-inet",
                    "established-v4mapped",
                    "close_wait-buffers",
                    "close_wait-ipv6",
                    "fin_wait_2-ipv6",
                    "listen-ipv6",
                    "syn_recv-v4mapped",
                    "time_wait-buffers",
                    "time_wait-v4mapped")
            .map(name -> Fixture.message(name).array())
            .toList();

    private static final String PROC_NET_TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 23456 1 0 100 0 0 10 0
               1: 0100007F:1F90 0100007F:C5DE 08 00000001:00000000 00:00000000 00000000     0        0 23460 1 0 20 4 30 10 -1
            """;

    private static final String SOCKSTAT = """
            sockets: used 50
            TCP: inuse 3 orphan 0 tw 21 alloc 4 mem 2
            UDP: inuse 1 mem 0
            """;

    static List<FuzzTarget> targets() {
        SocketMessage view = new SocketMessage();
        return List.of(
                new FuzzTarget(
                        "sock_diag",
                        MESSAGES,
                        bytes -> {
                            TcpSocket socket = DiagMessages.socket(message(bytes));
                            socket.info().ifPresent(info -> {
                                for (TcpInfoField field : TcpInfoField.values()) {
                                    info.get(field);
                                }
                            });
                        },
                        MalformedException.class),
                new FuzzTarget(
                        "sock_diag, in passing",
                        MESSAGES,
                        bytes -> {
                            SocketMessage socket = view.at(Protocol.TCP, message(bytes));
                            socket.state();
                            socket.localAddress();
                            socket.peerAddress();
                            socket.timerMillis();
                            socket.retransmits();
                            if (socket.hasInfo()) {
                                socket.info(TcpInfoField.BYTES_ACKED);
                                socket.acknowledgedSyns();
                            }
                            if (socket.hasBuffers()) {
                                socket.buffers();
                            }
                            DiagMessages.state(message(bytes));
                        },
                        MalformedException.class),
                new FuzzTarget(
                        "/proc/net/tcp",
                        List.of(bytes(PROC_NET_TCP)),
                        bytes -> ProcNetTcp.parse(text(bytes)),
                        MalformedException.class),
                new FuzzTarget(
                        "/proc/net/sockstat",
                        List.of(bytes(SOCKSTAT)),
                        bytes -> SockStat.parse(text(bytes), ""),
                        IllegalStateException.class));
    }

    private static ByteBuffer message(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
