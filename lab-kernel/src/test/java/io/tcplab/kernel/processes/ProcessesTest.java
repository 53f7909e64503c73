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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What /proc tells of this very process, and lines of it that are hard to read. */
class ProcessesTest {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

    @Test
    void namesMayHaveBlanksAndParentheses() {
        ProcessStat stat =
                ProcessStat.parse("4711 (a) (b c) S 1 4711 4711 0 -1 4194560 16 0 0 0 150 25 0 0 20 0 1 0 98765 1 2 3");
        assertThat(stat).isEqualTo(new ProcessStat(4711, "a) (b c", TaskState.SLEEPING, 1, 175, 98_765));
        assertThatThrownBy(() -> ProcessStat.parse("nothing")).isInstanceOf(IllegalStateException.class);
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

    /** /proc has each thread's number, too, as if it were a pid. */
    @Test
    void aThreadIsOfItsProcess() throws Exception {
        int thread = Integer.parseInt(
                Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        assertThat(thread).as("the JVM's first thread runs no Java").isNotEqualTo(SELF);
        assertThat(Processes.ofThread(thread)).hasValue(SELF);
        assertThat(Processes.ofThread(SELF)).hasValue(SELF);
        assertThat(Processes.ofThread(Integer.MAX_VALUE)).as("no such thread").isEmpty();
    }

    @Test
    void thisThreadsProcessorTimeIsItsOwn() throws Exception {
        ProcessStat before = Processes.thisThread().orElseThrow();
        Thread busy = new Thread(() -> {
            while (Processes.thisThread().orElseThrow().cpuTicks() < 5) {
                Thread.onSpinWait();
            }
        });
        busy.start();
        busy.join();
        ProcessStat after = Processes.thisThread().orElseThrow();
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.cpuTicks()).isLessThan(before.cpuTicks() + 5);
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
    void oneListingTellsWhoHoldsSocketsAndHowManyDescriptorsThereAre() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try (Selector selector = Selector.open()) {
            selector.selectNow();
            int pid = Math.toIntExact(process.pid());
            Map<Integer, OpenDescriptors> descriptors = new HashMap<>();
            assertThat(new HolderSearch().all(List.of(pid, SELF), descriptors).denied())
                    .isEmpty();
            assertThat(descriptors.get(pid))
                    .as("its input and output, and nothing that Java had open")
                    .isEqualTo(new OpenDescriptors(3, List.of(), Set.of()));
            assertThat(descriptors)
                    .hasEntrySatisfying(SELF, own -> assertThat(own.epolls()).isNotEmpty());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatAnEpollWatches() throws Exception {
        try (Selector selector = Selector.open();
                ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(null).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            Map<Integer, List<Epoll.Watch>> watches =
                    EventLoops.of(SELF).orElseThrow().watches();
            assertThat(watches.values()).anySatisfy(some -> assertThat(some).anyMatch(Epoll.Watch::forReading));
        }
    }

    @Test
    void aCallHasItsName() {
        ProcessStat stat = Processes.stat(SELF).orElseThrow();
        ThreadCall waiting = ThreadCall.of(stat, number("epoll_pwait", 281, 22) + " 0x7 0x0 0x0 0x0 0x0 0x0 0x1 0x1\n");
        assertThat(waiting.name()).hasValue("epoll_pwait");
        assertThat(waiting.waitsOn(SystemCall.EPOLL_WAIT)).hasValue(7);
        assertThat(ThreadCall.of(stat, number("connect", 42, 203) + " 0x9 0x0 0x0\n")
                        .waitsIn(SystemCall.CONNECT))
                .isTrue();
        assertThat(ThreadCall.of(stat, "-1 0x1 0x1\n").name()).isEmpty();
    }

    @Test
    void whatCannotBeSeenMayHaveAWaitChannel() {
        ProcessStat stat = Processes.stat(SELF).orElseThrow();
        ThreadCall hidden = ThreadCall.unknown(stat, Optional.of("do_epoll_wait"));
        assertThat(hidden.call()).isEqualTo(ThreadCall.UNKNOWN);
        assertThat(hidden.waitChannel()).hasValue("do_epoll_wait");
        assertThat(hidden.waitsIn(SystemCall.EPOLL_WAIT)).isFalse();
        assertThat(ThreadCall.unknown(stat, Optional.of("0")).waitChannel()).isEmpty();
    }

    private static int number(String call, int x86, int generic) {
        assertThat(SystemCall.name(System.getProperty("os.arch").equals("amd64") ? x86 : generic))
                .hasValue(call);
        return System.getProperty("os.arch").equals("amd64") ? x86 : generic;
    }
}
