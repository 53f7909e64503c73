package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import io.tcplab.kernel.sockets.SocketTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each cause by samples that were made up. What real kernels say is for the tests that run servers. */
class CausesTest {
    private static final Duration NONE = Duration.ZERO;
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    @Test
    void anAcceptQueueThatIsFull() {
        Finding finding = Looks.only(Looks.unchanged(Sockets.listener(6, 5)));
        assertThat(finding.cause()).isEqualTo("accept-queue-full");
        assertThat(finding.certainty()).isEqualTo(Certainty.CERTAIN);
        assertThat(Looks.causes(Looks.unchanged(Sockets.listener(5, 5))))
                .as("one more fits")
                .isEmpty();
    }

    @Test
    void anAcceptQueueThatOverflowedBetweenLooks() {
        assertThat(Looks.causes(new Looks()
                        .counter("TcpExtListenOverflows", 3)
                        .after(NONE, List.of(Sockets.listener(4, 5)))
                        .counter("TcpExtListenOverflows", 9)
                        .after(FIVE_SECONDS, List.of(Sockets.listener(0, 5)))
                        .diagnosis()))
                .containsExactly("accept-queue-full");
    }

    /** It was empty again at each look; but nobody else's can have overflowed. */
    @Test
    void theOnlyListenersQueueOverflowed() {
        SocketRow other = Sockets.listener("10.0.0.1", 9, 0, 128);
        assertThat(Looks.only(overflowing(20, Sockets.listener(1, 5))).title()).endsWith("overflows at times");
        assertThat(overflowing(20, Sockets.listener(1, 5), other)).satisfies(diagnosis -> {
            assertThat(diagnosis.findings()).isEmpty();
            assertThat(diagnosis.observations()).anyMatch(line -> line.contains("was full 20 times"));
        });
        assertThat(overflowing(1, Sockets.listener(1, 5)).observations())
                .anyMatch(line -> line.contains("was full 1 time in"));
    }

    private static Diagnosis overflowing(long times, SocketRow... listeners) {
        return new Looks()
                .counter("TcpExtListenOverflows", 3)
                .after(NONE, List.of(listeners))
                .counter("TcpExtListenOverflows", 3 + times)
                .after(FIVE_SECONDS, List.of(listeners))
                .diagnosis();
    }

    @Test
    void portsThatRunOut() {
        List<SocketRow> sockets = many(
                850,
                number ->
                        Sockets.opened(TIME_WAIT, number, 0).minisocket(30_000).row());
        Finding finding = Looks.only(Looks.unchanged(sockets.toArray(SocketRow[]::new)));
        assertThat(finding.cause()).isEqualTo("ports-exhausted");
        assertThat(finding.evidence()).anyMatch(line -> line.contains("850 of 1,000 local ports"));
        assertThat(finding.evidence()).anyMatch(line -> line.contains("tcp_tw_reuse is 0; 1 would let"));
    }

    @Test
    void timeWaitOnTheAcceptingSideTakesNoPorts() {
        List<SocketRow> sockets = new ArrayList<>(many(
                850,
                number -> Sockets.accepted(TIME_WAIT, number, 0)
                        .minisocket(30_000)
                        .row()));
        sockets.add(LISTENER);
        Diagnosis diagnosis = Looks.unchanged(sockets.toArray(SocketRow[]::new));
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.observations()).anyMatch(line -> line.contains("accepted here: 850 on port 8080"));
    }

    @Test
    void timeWaitThatIsSkipped() {
        Finding finding = Looks.only(new Looks()
                .counter("TcpExtTCPTimeWaitOverflow", 0)
                .after(NONE, List.of(LISTENER))
                .counter("TcpExtTCPTimeWaitOverflow", 12)
                .after(FIVE_SECONDS, List.of(LISTENER))
                .diagnosis());
        assertThat(finding.cause()).isEqualTo("time-wait-overflow");
        assertThat(finding.certainty()).isEqualTo(Certainty.CERTAIN);
    }

    @Test
    void peersThatNeverClose() {
        List<SocketRow> orphans = many(
                10,
                number -> Sockets.accepted(FIN_WAIT2, number, 0)
                        .minisocket(40_000)
                        .row());
        assertThat(Looks.causes(Looks.unchanged(orphans.toArray(SocketRow[]::new))))
                .containsExactly("peer-never-closes");
        assertThat(Looks.causes(
                        Looks.unchanged(Sockets.opened(FIN_WAIT2, 1, 20_000).row())))
                .containsExactly("peer-never-closes");
        assertThat(Looks.causes(
                        Looks.unchanged(Sockets.opened(FIN_WAIT2, 1, 3_000).row())))
                .as("half closed, and waiting for the answer")
                .isEmpty();
    }

    @Test
    void openingsAndClosesThatNobodyAnswers() {
        assertThat(Looks.causes(Looks.unchanged(Sockets.opened(SYN_SENT, 1, 0)
                        .timer(SocketTimer.Kind.RETRANSMIT, 3)
                        .row())))
                .containsExactly("syn-unanswered");
        assertThat(Looks.causes(Looks.unchanged(Sockets.accepted(LAST_ACK, 1, 9_000)
                        .timer(SocketTimer.Kind.RETRANSMIT, 4)
                        .row())))
                .containsExactly("fin-unanswered");
        List<SocketRow> halfWay =
                many(5, number -> Sockets.request(number, 1000, 2).row());
        assertThat(Looks.causes(Looks.unchanged(halfWay.toArray(SocketRow[]::new))))
                .containsExactly("syn-ack-unanswered");
    }

    @Test
    void peersThatDoNotAnswerAnyMore() {
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(ESTABLISHED, 1, 30_000)
                                .unsent(100)
                                .timer(SocketTimer.Kind.RETRANSMIT, 5)
                                .row())))
                .containsExactly("half-open");
        SocketRow idle = Sockets.accepted(ESTABLISHED, 1, 7_200_000).row();
        assertThat(Looks.only(Looks.unchanged(LISTENER, idle)).certainty()).isEqualTo(Certainty.POSSIBLE);
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(ESTABLISHED, 1, 7_200_000)
                                .timer(SocketTimer.Kind.KEEPALIVE, 0)
                                .row())))
                .as("keepalive asks")
                .isEmpty();
    }

    @Test
    void peersThatReadNothing() {
        Sockets waiting = Sockets.accepted(ESTABLISHED, 1, 0).unsent(50_000).timer(SocketTimer.Kind.PROBE, 0);
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER, waiting.activity(Sockets.probed(8)).row())))
                .containsExactly("zero-window");
        Diagnosis slow =
                Looks.unchanged(LISTENER, waiting.activity(Sockets.probed(2)).row());
        assertThat(slow.findings()).isEmpty();
        assertThat(slow.observations()).anyMatch(line -> line.contains("slow reader"));
    }

    /** After the seventh probe 25.9 s are past, and the next comes 26.1 s later. */
    @Test
    void whatIsLeftOfTheProbesTimerCounts() {
        Sockets waiting = Sockets.accepted(ESTABLISHED, 1, 0)
                .unsent(50_000)
                .timer(SocketTimer.Kind.PROBE, 0)
                .activity(Sockets.probed(7));
        assertThat(Looks.causes(
                        Looks.unchanged(LISTENER, waiting.firesIn(25_000).row())))
                .isEmpty();
        assertThat(Looks.causes(
                        Looks.unchanged(LISTENER, waiting.firesIn(20_000).row())))
                .containsExactly("zero-window");
    }

    @Test
    void dataThatNobodyReads() {
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(ESTABLISHED, 1, 9_000).unread(100).row())))
                .containsExactly("not-reading");
    }

    @Test
    void resetsThatGoOn() {
        Looks looks = new Looks();
        for (int i = 0; i < 5; i++) {
            lookAtResets(looks, "TcpExtTCPAbortOnClose", 10L * i, 20L * i);
        }
        assertThat(Looks.only(looks.diagnosis()).cause()).isEqualTo("resets");
    }

    @Test
    void fewLooksWillDoForResetsThatGoOnButOneWillNot() {
        Looks looks = new Looks();
        lookAtResets(looks, "TcpExtTCPAbortOnData", 0, 0);
        lookAtResets(looks, "TcpExtTCPAbortOnData", 20, 20);
        assertThat(Looks.causes(looks.diagnosis())).isEmpty();
        lookAtResets(looks, "TcpExtTCPAbortOnData", 40, 20);
        assertThat(Looks.causes(looks.diagnosis())).containsExactly("resets");
    }

    private static void lookAtResets(Looks looks, String counter, long resets, long accepted) {
        looks.counter(counter, resets)
                .counter("TcpOutRsts", resets)
                .counter("TcpPassiveOpens", accepted)
                .after(Duration.ofSeconds(1), List.of(LISTENER));
    }

    @Test
    void descriptorsNearTheirLimit() {
        ProcessSample process = new ProcessSample(
                new ProcessStat(7, "server", TaskState.SLEEPING, 1, 0, 0),
                List.of(),
                Optional.empty(),
                Optional.of(new FdLimit(1000, 4000, 950)));
        assertThat(Looks.causes(new Looks()
                        .process(process)
                        .after(NONE, List.of(LISTENER))
                        .diagnosis()))
                .containsExactly("fds-near-limit");
    }

    @Test
    void whoIsAlwaysRunnableButGetsLittleOfTheProcessorSpins() {
        assertThat(Looks.only(unreadWhile(TaskState.RUNNING, TaskState.RUNNING)).title())
                .contains("always busy");
        assertThat(Looks.only(unreadWhile(TaskState.RUNNING, TaskState.RUNNING)).evidence())
                .anyMatch(line -> line.contains("runnable at every look, and got 30 % of a processor"));
        assertThat(Looks.only(unreadWhile(TaskState.RUNNING, TaskState.SLEEPING))
                        .title())
                .doesNotContain("always busy");
    }

    /** EOF isn't read, and meanwhile the only thread has these states and gets 30 % of a processor. */
    private static Diagnosis unreadWhile(TaskState before, TaskState after) {
        SocketRow socket = Sockets.accepted(CLOSE_WAIT, 1, 9_000).unread(1).row();
        return new Looks()
                .holders(socket, Looks.PID)
                .process(process(before, 100))
                .after(NONE, List.of(LISTENER, socket))
                .process(process(after, 100 + 5 * 30))
                .after(Duration.ofSeconds(5), List.of(LISTENER, socket))
                .diagnosis();
    }

    private static ProcessSample process(TaskState state, long cpuTicks) {
        ProcessStat stat = new ProcessStat(Looks.PID, "server", state, 1, cpuTicks, 0);
        return new ProcessSample(stat, List.of(new ThreadCall(stat, -1, 0)), Optional.empty(), Optional.empty());
    }

    @Test
    void whatIsNewAndHasNoOwnerIsNotAnotherUsers() {
        SocketRow old = Sockets.accepted(ESTABLISHED, 1, 0).row();
        SocketRow fresh = Sockets.accepted(ESTABLISHED, 2, 0).row();
        Looks looks = new Looks()
                .holders(LISTENER, Looks.PID)
                .holders(old, Looks.PID)
                .after(NONE, List.of(LISTENER, old))
                .after(Duration.ofSeconds(5), List.of(LISTENER, old, fresh));
        assertThat(looks.diagnosis().limits())
                .singleElement()
                .asString()
                .startsWith("the owner of 1 socket wasn't found: opened or closed");
        looks.after(Duration.ofSeconds(5), List.of(LISTENER, old, fresh));
        assertThat(looks.diagnosis().limits()).singleElement().asString().contains("SCM_RIGHTS");
    }

    @Test
    void anInterruptedDumpIsTold() {
        Diagnosis diagnosis =
                new Looks().interrupted().after(NONE, List.of(LISTENER)).diagnosis();
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.conclusive()).isFalse();
        assertThat(diagnosis.text()).contains("not everything was visible").contains("NLM_F_DUMP_INTR");
    }

    private static List<SocketRow> many(int count, IntFunction<SocketRow> socket) {
        return IntStream.range(0, count).mapToObj(socket).toList();
    }
}
