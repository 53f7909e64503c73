package io.tcplab.diagnose;

import static io.tcplab.diagnose.Calls.number;
import static io.tcplab.diagnose.Calls.stat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Suspension;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CLOSE_WAIT whose end nobody has read: what the threads of its owner tell, which may be loops, handlers or neither. */
class HandlersTest {
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    private static final int EPOLL = 4;
    private static final int IN = 0x1;

    /** Of a loop's own listener only. */
    private static final Map<Integer, List<Epoll.Watch>> LISTENING =
            Map.of(3, List.of(new Epoll.Watch(EPOLL, 3, IN, LISTENER.inode())));

    private static final SocketRow ACCEPTED = accepted(1);

    @Test
    void aPollThatWaitsDoesNotAskForThem() {
        Finding finding = finding(process(List.of(SystemCall.POLL)), ACCEPTED, accepted(2));
        assertThat(finding.why()).isEqualTo("paused");
        assertThat(why(process(List.of(SystemCall.POLL))))
                .as("of one connection it may be the handler's, which gives what it waits for a time limit")
                .isEqualTo("unknown");
    }

    /** A handler for each, which waits for its backend by poll(), since that has a time limit. */
    @Test
    void handlersThatPollForSomethingElseAreBlocked() {
        Finding finding =
                finding(process(List.of(SystemCall.ACCEPT, SystemCall.POLL, SystemCall.POLL)), ACCEPTED, accepted(2));
        assertThat(finding.why()).isEqualTo("blocked");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("2 times server in poll"));
    }

    /** A pool of threads that are all taken: the other connections wait in its queue, and their loop goes on. */
    @Test
    void aLoopBesideFewThreadsThatWaitIsNotCalledPaused() {
        Finding finding = finding(
                process(List.of(SystemCall.EPOLL_WAIT, SystemCall.FUTEX), LISTENING),
                ACCEPTED,
                accepted(2),
                accepted(3));
        assertThat(finding.why()).isEqualTo("unknown");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("in its queue"));
    }

    @Test
    void aFileThatDoesNotAnswerBlocksToo() {
        assertThat(why(process(List.of(SystemCall.ACCEPT, SystemCall.FILE)))).isEqualTo("blocked");
    }

    @Test
    void aServerAllOfWhoseThreadsWaitForSomethingElseIsBlocked() {
        assertThat(finding(process(List.of(SystemCall.SLEEP)), ACCEPTED, accepted(2))
                        .why())
                .isEqualTo("blocked");
    }

    @Test
    void whoWaitsInAReadOfItWaitsForMore() {
        ProcessSample process = new ProcessSample(
                stat(Looks.PID),
                List.of(new ThreadCall(stat(Looks.PID), number(SystemCall.READ), Looks.FD)),
                Optional.of(Map.of()),
                Optional.empty());
        Finding finding = finding(process);
        assertThat(finding.why()).isEqualTo("unknown");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("SO_RCVLOWAT"));
    }

    /** It computes, and the handlers wait in a lock: whether for it can't be seen. */
    @Test
    void aBusyThreadBesideHandlersThatRestIsNotCalledTheCulprit() {
        Finding finding = busy(100, SystemCall.FUTEX);
        assertThat(finding.why()).isEqualTo("blocked");
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().startsWith("spinning"));
        assertThat(busy(100).why()).isEqualTo("spinning");
    }

    @Test
    void manyThreadsThatDoALittleDoNotSpin() {
        ProcessStat[] stats = IntStream.range(0, 20)
                .mapToObj(i -> new ProcessStat(Looks.PID + i, "server", TaskState.SLEEPING, 1, 0, 0))
                .toArray(ProcessStat[]::new);
        Looks looks = new Looks().holders(LISTENER, Looks.PID).holders(ACCEPTED, Looks.PID);
        for (int look = 0; look < 2; look++) {
            long ticks = look * 25L;
            List<ThreadCall> threads = Arrays.stream(stats)
                    .map(stat -> new ProcessStat(stat.id(), "server", TaskState.SLEEPING, 1, ticks, 0))
                    .map(stat -> new ThreadCall(stat, number(SystemCall.EPOLL_WAIT), EPOLL))
                    .toList();
            looks.process(new ProcessSample(stats[0], threads, Optional.of(Map.of(99, List.of())), Optional.empty()))
                    .after(look == 0 ? Duration.ZERO : FIVE_SECONDS, List.of(LISTENER, ACCEPTED));
        }
        assertThat(Looks.only(looks.diagnosis()).why()).isNotEqualTo("spinning");
    }

    /** V8's and the JVM's threads wait whatever the program does; these are all of an idle JDK 25's, and node's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java",
                "GC Thread#0",
                "G1 Main Marker",
                "G1 Conc#0",
                "G1 Refine#0",
                "G1 Service",
                "VM Periodic Tas",
                "VM Thread",
                "Reference Handl",
                "Finalizer",
                "Signal Dispatch",
                "Service Thread",
                "Monitor Deflati",
                "C2 CompilerThre",
                "C1 CompilerThre",
                "Common-Cleaner",
                "Training replay",
                "Notification Th",
                "V8Worker"
            })
    void aRuntimesThreadsAreNoHandlers(String name) {
        ThreadCall loop = new ThreadCall(stat(Looks.PID), number(SystemCall.EPOLL_WAIT), EPOLL);
        ThreadCall other = new ThreadCall(
                new ProcessStat(Looks.PID + 1, name, TaskState.SLEEPING, 1, 0, 0), number(SystemCall.FUTEX), 0);
        assertThat(why(new ProcessSample(
                        stat(Looks.PID), List.of(loop, other), Optional.of(LISTENING), Optional.empty())))
                .isEqualTo("paused");
    }

    /** A loop that something wakes just as it is looked at isn't blocked; one that waits for something else by then may be. */
    @Test
    void aLoopThatIsAwakeAtTheLastLookIsOne() {
        ThreadCall awake = new ThreadCall(new ProcessStat(Looks.PID, "server", TaskState.RUNNING, 1, 0, 0), -1, 0);
        ThreadCall elsewhere = new ThreadCall(stat(Looks.PID), number(SystemCall.FUTEX), 0);
        assertThat(whyOfLoopThatIsLast(awake)).isEqualTo("paused");
        assertThat(whyOfLoopThatIsLast(elsewhere)).isEqualTo("blocked");
    }

    private static String whyOfLoopThatIsLast(ThreadCall last) {
        ThreadCall waiting = new ThreadCall(stat(Looks.PID), number(SystemCall.EPOLL_WAIT), EPOLL);
        return Looks.only(new Looks()
                        .holders(LISTENER, Looks.PID)
                        .holders(ACCEPTED, Looks.PID)
                        .process(loop(waiting))
                        .after(Duration.ZERO, List.of(LISTENER, ACCEPTED))
                        .process(loop(last))
                        .after(FIVE_SECONDS, List.of(LISTENER, ACCEPTED))
                        .diagnosis())
                .why();
    }

    private static ProcessSample loop(ThreadCall thread) {
        return new ProcessSample(thread.stat(), List.of(thread), Optional.of(LISTENING), Optional.empty());
    }

    /** Of two programs one is stopped, and the other one blocked. */
    @Test
    void eachOwnerHasItsOwnReason() {
        SocketRow other = accepted(2);
        ProcessSample stopped = new ProcessSample(
                stat(8), List.of(), new Suspension.Stopped(), Optional.of(Map.of()), Set.of(), Optional.empty());
        Diagnosis diagnosis = new Looks()
                .holders(LISTENER, Looks.PID, 8)
                .holders(ACCEPTED, Looks.PID)
                .holders(other, 8)
                .process(process(List.of(SystemCall.SLEEP)))
                .process(stopped)
                .after(Duration.ZERO, List.of(LISTENER, ACCEPTED, other))
                .after(FIVE_SECONDS, List.of(LISTENER, ACCEPTED, other))
                .diagnosis();
        assertThat(diagnosis.findings()).extracting(Finding::why).containsExactlyInAnyOrder("stopped", "blocked");
    }

    /** @param ticks a second of the first thread's, of 100; the others rest */
    private static Finding busy(long ticks, SystemCall... others) {
        Looks looks = new Looks().holders(LISTENER, Looks.PID).holders(ACCEPTED, Looks.PID);
        for (int look = 0; look < 2; look++) {
            ProcessStat stat = new ProcessStat(Looks.PID, "server", TaskState.RUNNING, 1, look * 5L * ticks, 0);
            List<ThreadCall> threads = new ArrayList<>(List.of(new ThreadCall(stat, -1, 0)));
            for (SystemCall call : others) {
                threads.add(new ThreadCall(stat(Looks.PID + threads.size()), number(call), 0));
            }
            looks.process(new ProcessSample(stat, threads, Optional.of(Map.of()), Optional.empty()))
                    .after(look == 0 ? Duration.ZERO : FIVE_SECONDS, List.of(LISTENER, ACCEPTED));
        }
        return Looks.only(looks.diagnosis());
    }

    private static String why(ProcessSample process) {
        return finding(process).why();
    }

    private static Finding finding(ProcessSample process) {
        return finding(process, ACCEPTED);
    }

    private static Finding finding(ProcessSample process, SocketRow... sockets) {
        Looks looks = new Looks().holders(LISTENER, Looks.PID).process(process);
        List<SocketRow> all = new ArrayList<>(List.of(LISTENER));
        for (SocketRow socket : sockets) {
            looks.holders(socket, Looks.PID);
            all.add(socket);
        }
        Finding finding = Looks.only(
                looks.after(Duration.ZERO, all).after(FIVE_SECONDS, all).diagnosis());
        assertThat(finding.cause()).isEqualTo("eof-not-read");
        return finding;
    }

    private static SocketRow accepted(int number) {
        return Sockets.accepted(CLOSE_WAIT, number, 20_000).unread(1).row();
    }

    private static ProcessSample process(List<SystemCall> calls) {
        return process(calls, Map.of());
    }

    private static ProcessSample process(List<SystemCall> calls, Map<Integer, List<Epoll.Watch>> watches) {
        List<ThreadCall> threads = IntStream.range(0, calls.size())
                .mapToObj(i -> new ThreadCall(stat(Looks.PID + i), number(calls.get(i)), EPOLL))
                .toList();
        return new ProcessSample(stat(Looks.PID), threads, Optional.of(watches), Optional.empty());
    }
}
