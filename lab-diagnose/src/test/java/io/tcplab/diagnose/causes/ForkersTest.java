package io.tcplab.diagnose.causes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.sockets.MptcpListing;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A connection in CLOSE_WAIT that is held by another process than the one that listens. */
class ForkersTest {
    private static final int PORT = 8000;
    private static final int SERVER = 100;
    private static final int CHILD = 101;
    private static final long LISTENER = 1;
    private static final long CONNECTION = 2;
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void aChildThatHasItAsItsInputServesIt() {
        assertThat(causes("inetd", "sh", 0, 0)).containsExactly("eof-read-not-closed");
    }

    @Test
    void aForkOfTheSameProgramServesIt() {
        assertThat(causes("postgres", "postgres", 9, 0)).containsExactly("eof-read-not-closed");
    }

    @Test
    void aChildThatSystemdHasGivenItServesIt() {
        assertThat(causes("systemd", "handler", 3, 0)).containsExactly("eof-read-not-closed");
    }

    /** A child that has inherited it reads it no more than a worker that was handed it and is blocked. */
    @Test
    void whatIsUnreadMayBeInheritedToo() {
        assertThat(causes("python3", "sleep", 5, 1)).containsExactly("shared-fd");
        assertThat(causes("python3", "python3", 5, 1)).containsExactly("eof-not-read");
    }

    @Test
    void anotherProgramHasInheritedIt() {
        assertThat(causes("python3", "sleep", 5, 0)).containsExactly("shared-fd");
    }

    private static List<String> causes(String server, String child, int fd, long recvQueue) {
        SocketHolders holders = holders(Map.of(
                LISTENER, List.of(new SocketHolder(SERVER, 3)), CONNECTION, List.of(new SocketHolder(CHILD, fd))));
        Sample sample = new Sample(
                0,
                0,
                List.of(row(TcpState.LISTEN, LISTENER, 0), row(TcpState.CLOSE_WAIT, CONNECTION, recvQueue)),
                List.of(),
                true,
                new Counters(0, Map.of()),
                holders,
                Stream.of(process(SERVER, server), process(CHILD, child))
                        .collect(Collectors.toMap(process -> process.stat().id(), process -> process)),
                new Settings(Map.of()),
                MptcpListing.LISTED);
        Evidence evidence = Evidence.of(new Scope.OnPort(PORT), List.of(sample));
        return Causes.all().stream()
                .flatMap(cause -> cause.find(evidence).stream())
                .map(Finding::cause)
                .toList();
    }

    private static SocketHolders holders(Map<Long, List<SocketHolder>> byInode) {
        return new SocketHolders(byInode, Set.of(), Set.of());
    }

    private static ProcessSample process(int pid, String name) {
        return new ProcessSample(
                new ProcessStat(pid, name, TaskState.SLEEPING, 1, 0, 0), List.of(), Optional.empty(), Optional.empty());
    }

    private static SocketRow row(TcpState state, long inode, long recvQueue) {
        long minute = 60_000;
        Activity silent = new Activity(minute, minute, minute, 1, 0, 0, 65_535, 65_535, 200_000, 0, 1, -1);
        return new SocketRow(
                state,
                HERE,
                PORT,
                HERE,
                state == TcpState.LISTEN ? 0 : 40_000,
                recvQueue,
                0,
                inode,
                0,
                SocketTimer.Kind.NONE,
                0,
                0,
                inode,
                state == TcpState.LISTEN ? null : silent,
                false,
                0);
    }
}
