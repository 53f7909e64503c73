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
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** CLOSE_WAIT whose end nobody has read: why not, by what a process and its epolls show. */
class UnreadCausesTest {
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    private static final int EPOLL = 4;
    private static final int IN = 0x1;
    private static final int OUT = 0x4;
    private static final int ERR_AND_HUP = 0x18;
    private static final int ONE_SHOT = 1 << 30;
    private static final int EDGE = 1 << 31;

    private static final SocketRow ACCEPTED =
            Sockets.accepted(CLOSE_WAIT, 1, 20_000).unread(1).row();

    @Test
    void anEdgeTriggeredLoopThatWaitsSaysNothingAboutTheHandlers() {
        assertThat(why(loop(IN | EDGE))).isEqualTo("unknown");
        assertThat(why(loop(IN | EDGE, SystemCall.FUTEX))).isEqualTo("blocked");
    }

    @Test
    void aOneShotWatchThatHasToldLeavesItToAHandler() {
        assertThat(why(loop(ONE_SHOT))).isEqualTo("unknown");
        assertThat(why(loop(ONE_SHOT, SystemCall.FUTEX))).isEqualTo("blocked");
    }

    @Test
    void aLevelTriggeredLoopInWhichNobodyWaitsIsBlocked() {
        assertThat(why(process(List.of(SystemCall.SLEEP), IN))).isEqualTo("blocked");
    }

    /** The kernel would have told it at once: it was seen between two rounds, so nothing is known. */
    @Test
    void aLevelTriggeredLoopThatWaitsAllTheSameIsNotCalledPaused() {
        assertThat(why(loop(IN))).isEqualTo("unknown");
    }

    @Test
    void aPausedWatchIsPausedAndAHandlerThatTookItOffIsNotExcluded() {
        Finding finding = finding(loop(ERR_AND_HUP));
        assertThat(finding.why()).isEqualTo("paused");
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().contains("took it off the loop"));
    }

    @Test
    void aWorkerForEachMayHaveTakenItOffTheLoop() {
        assertThat(why(loop(ERR_AND_HUP, SystemCall.FUTEX))).isEqualTo("blocked");
    }

    /** The number was closed and is another file's by now: the watch isn't this socket's. */
    @Test
    void aWatchOfAnotherInodeIsNotItsOwn() {
        ProcessSample process = withWatch(
                List.of(SystemCall.EPOLL_WAIT), new Epoll.Watch(EPOLL, Looks.FD, IN | EDGE, ACCEPTED.inode() + 1));
        assertThat(why(process)).isEqualTo("paused");
    }

    @Test
    void anEpollThatWatchesTheEpollTellsToo() {
        Map<Integer, List<Epoll.Watch>> nested = Map.of(
                Looks.FD,
                List.of(new Epoll.Watch(9, Looks.FD, IN, ACCEPTED.inode())),
                9,
                List.of(new Epoll.Watch(EPOLL, 9, IN, 0)));
        assertThat(why(process(List.of(SystemCall.EPOLL_WAIT), new Suspension.None(), nested, Set.of())))
                .as("it waits in the outer one, though both would tell")
                .isEqualTo("unknown");
    }

    @Test
    void whatAnIoUringIsAskedForIsNotToBeSeen() {
        assertThat(why(process(List.of(SystemCall.IO_URING), new Suspension.None(), Map.of(), Set.of(3))))
                .isEqualTo("unknown");
    }

    @Test
    void aStoppedProcessIsStoppedWhateverItsThreadsWereIn() {
        for (Suspension suspension :
                List.of(new Suspension.Stopped(), new Suspension.Frozen(), new Suspension.Traced(OptionalInt.of(99)))) {
            Finding finding = finding(process(
                    List.of(SystemCall.EPOLL_WAIT),
                    suspension,
                    Map.of(Looks.FD, List.of(new Epoll.Watch(EPOLL, Looks.FD, IN, ACCEPTED.inode()))),
                    Set.of()));
            assertThat(finding.why()).isEqualTo("stopped");
            assertThat(finding.rivals()).isNotEmpty();
        }
    }

    @Test
    void aLoopThatIsToldOfRoomToWriteSpins() {
        Finding finding = toldOfRoomToWrite(TaskState.RUNNING, 480);
        assertThat(finding.cause()).isEqualTo("eof-not-read");
        assertThat(finding.why()).isEqualTo("spinning");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("only for writing"));
    }

    /** Asleep where it was looked at, as in sleep(0), and with the little that others leave it. */
    @Test
    void aLoopThatIsToldOfRoomToWriteSpinsOnABusyMachineToo() {
        Finding finding = toldOfRoomToWrite(TaskState.SLEEPING, 25);
        assertThat(finding.why()).isEqualTo("spinning");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("got 5 % of a processor"));
        assertThat(toldOfRoomToWrite(TaskState.SLEEPING, 0).why()).isNotEqualTo("spinning");
    }

    /** @param ticks of CPU time in five seconds, of 500 */
    private static Finding toldOfRoomToWrite(TaskState state, long ticks) {
        SocketRow opened = opened(1);
        Looks looks = new Looks().holders(opened, Looks.PID);
        for (int look = 0; look < 2; look++) {
            ProcessStat stat = new ProcessStat(Looks.PID, "client", state, 1, look * ticks, 0);
            looks.process(new ProcessSample(
                            stat,
                            List.of(new ThreadCall(stat, -1, 0)),
                            Optional.of(
                                    Map.of(Looks.FD, List.of(new Epoll.Watch(EPOLL, Looks.FD, OUT, opened.inode())))),
                            Optional.empty()))
                    .after(look == 0 ? Duration.ZERO : FIVE_SECONDS, List.of(opened));
        }
        return Looks.only(looks.diagnosis());
    }

    @Test
    void leasedAnswersThatNobodyReadsUseUpAPool() {
        Finding finding = finding(process(List.of(SystemCall.FUTEX)), opened(481));
        assertThat(finding.cause()).isEqualTo("pool-exhausted");
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().startsWith("idle-pool"));
    }

    /** Nobody waits: so a limit isn't what keeps the number where it is. */
    @Test
    void leasedAnswersForWhichNobodyWaitsAreUnread() {
        assertThat(finding(process(List.of(SystemCall.EPOLL_WAIT)), opened(481)).cause())
                .isEqualTo("eof-not-read");
    }

    /** A TLS server says close_notify before it closes an idle connection. */
    @Test
    void aLastWordInAnIdlePoolIsNoAnswer() {
        Finding finding = finding(process(List.of(SystemCall.FUTEX)), opened(1 + 31));
        assertThat(finding.cause()).isEqualTo("idle-pool");
        assertThat(finding.title()).doesNotContain("No leak");
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().contains("pool-exhausted"));
    }

    /** A client that reads answers to their end and never closes. */
    @Test
    void whatWasOpenedAndReadToTheEndIsNoIdlePool() {
        SocketRow read = Sockets.opened(CLOSE_WAIT, 1, 20_000).row();
        assertThat(Looks.causes(Looks.unchanged(read))).containsExactly("eof-read-not-closed");
    }

    @Test
    void whatALoopWatchesIsNoPoolThatDoesNotLook() {
        SocketRow opened = opened(1);
        Finding finding = finding(
                withWatch(List.of(SystemCall.SLEEP), new Epoll.Watch(EPOLL, Looks.FD, IN, opened.inode())), opened);
        assertThat(finding.cause()).isEqualTo("eof-not-read");
    }

    @Test
    void theTextNamesWhatIsNotExcluded() {
        SocketRow opened = opened(481);
        assertThat(looks(process(List.of(SystemCall.FUTEX)), opened).diagnosis().text())
                .contains("not excluded: idle-pool")
                .contains("To tell: ");
    }

    private static SocketRow opened(long unread) {
        return Sockets.opened(CLOSE_WAIT, 1, 20_000).unread(unread).row();
    }

    private static String why(ProcessSample process) {
        Finding finding = finding(process);
        assertThat(finding.cause()).isEqualTo("eof-not-read");
        return finding.why();
    }

    private static Finding finding(ProcessSample process) {
        return finding(process, ACCEPTED);
    }

    private static Finding finding(ProcessSample process, SocketRow socket) {
        return Looks.only(looks(process, socket).diagnosis());
    }

    private static Looks looks(ProcessSample process, SocketRow socket) {
        return new Looks()
                .holders(LISTENER, Looks.PID)
                .holders(socket, Looks.PID)
                .process(process)
                .after(Duration.ZERO, List.of(LISTENER, socket))
                .after(FIVE_SECONDS, List.of(LISTENER, socket));
    }

    /** An event loop that waits, beside threads that wait in these. */
    private static ProcessSample loop(int events, SystemCall... others) {
        List<SystemCall> calls = new ArrayList<>(List.of(SystemCall.EPOLL_WAIT));
        calls.addAll(Arrays.asList(others));
        return process(calls, events);
    }

    private static ProcessSample process(List<SystemCall> calls) {
        return process(calls, new Suspension.None(), Map.of(), Set.of());
    }

    private static ProcessSample process(List<SystemCall> calls, int events) {
        return withWatch(calls, new Epoll.Watch(EPOLL, Looks.FD, events, ACCEPTED.inode()));
    }

    private static ProcessSample withWatch(List<SystemCall> calls, Epoll.Watch watch) {
        return process(calls, new Suspension.None(), Map.of(Looks.FD, List.of(watch)), Set.of());
    }

    private static ProcessSample process(
            List<SystemCall> calls,
            Suspension suspension,
            Map<Integer, List<Epoll.Watch>> watches,
            Set<Integer> rings) {
        List<ThreadCall> threads = IntStream.range(0, calls.size())
                .mapToObj(i -> new ThreadCall(stat(Looks.PID + i), number(calls.get(i)), EPOLL))
                .toList();
        return new ProcessSample(stat(Looks.PID), threads, suspension, Optional.of(watches), rings, Optional.empty());
    }
}
