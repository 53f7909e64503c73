package io.tcplab.kernel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What /proc tells of this very process, and lines of it that are hard to read. */
class ProcessesTest {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

    @Test
    void namesMayHaveBlanksAndParentheses() {
        ProcessStat stat =
                ProcessStat.parse("4711 (a) (b c) S 1 4711 4711 0 -1 4194560 16 0 0 0 150 25 0 0 20 0 1 0 98765 1 2 3");
        assertThat(stat).isEqualTo(new ProcessStat(4711, "a) (b c", 'S', 1, 175, 98_765));
        assertThatThrownBy(() -> ProcessStat.parse("nothing")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThreadRunsOrWaitsInACall() {
        ProcessStat stat = Processes.stat(SELF).orElseThrow();
        assertThat(ThreadCall.of(stat, "running\n").call()).isEqualTo(-1);
        assertThat(ThreadCall.of(stat, "-1 0x7ffd 0x7f00\n").call()).isEqualTo(-1);
        ThreadCall call = ThreadCall.of(stat, "4242 0x7 0x7f00 0x0 0x0 0x0 0x0 0x7ffd 0x7f00\n");
        assertThat(call.call()).isEqualTo(4242);
        assertThat(call.firstArgument()).isEqualTo(7);
        assertThat(call.waitsIn(SystemCall.READ)).isFalse();
    }

    @Test
    void thisProcessIsThere() {
        assertThat(Processes.pids()).contains(SELF);
        assertThat(Processes.stat(SELF))
                .hasValueSatisfying(stat -> assertThat(stat.name()).isEqualTo("java"));
        assertThat(Processes.networkNamespace(SELF))
                .hasValue(Namespace.current().inode());
        assertThat(Processes.threads(SELF)).hasSizeGreaterThan(5).anyMatch(thread -> thread.waitsIn(SystemCall.FUTEX));
        assertThat(Processes.commandLine(SELF))
                .hasValueSatisfying(line -> assertThat(line).contains("java"));
    }

    @Test
    void whatHasEndedIsEmpty() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        int pid = Math.toIntExact(process.pid());
        assertThat(Processes.stat(pid)).isEmpty();
        assertThat(Processes.threads(pid)).isEmpty();
        assertThat(SocketHolders.of(List.of(pid)).gone()).containsExactly(pid);
    }

    @Test
    void whoHoldsASocket() throws Exception {
        try (Namespace namespace = Namespace.create("held");
                ServerSocket listener = namespace.call(() -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                SockDiag diag = SockDiag.open(namespace)) {
            long inode = diag.census(SocketQuery.all().withLocalPort(listener.getLocalPort()))
                    .sockets()
                    .getFirst()
                    .inode();
            assertThat(SocketHolders.of(Processes.pids()).of(inode))
                    .singleElement()
                    .satisfies(holder -> assertThat(holder.pid()).isEqualTo(SELF));
        }
    }

    @Test
    void whatAnEpollWatches() throws Exception {
        try (Selector selector = Selector.open();
                ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(null).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            Map<Integer, List<Epoll.Watch>> watches = Epoll.watches(SELF);
            assertThat(watches.values()).anySatisfy(some -> assertThat(some).anyMatch(Epoll.Watch::forReading));
        }
    }

    @Test
    void anEpollMayWatchForNothing() {
        List<Epoll.Watch> watches = Epoll.parse(4, """
                pos:	0
                flags:	02
                mnt_id:	15
                ino:	2056
                tfd:       17 events:       1d data:               11  pos:0 ino:59a1 sdev:8
                tfd:        8 events: 80002010 data:                8  pos:0 ino:59a2 sdev:8
                """);
        assertThat(watches).extracting(Epoll.Watch::fd).containsExactly(17, 8);
        assertThat(watches.getFirst().forReading()).isTrue();
        assertThat(watches.getLast().forReading()).isFalse();
        assertThat(watches.getLast().edgeTriggered()).isTrue();
    }
}
