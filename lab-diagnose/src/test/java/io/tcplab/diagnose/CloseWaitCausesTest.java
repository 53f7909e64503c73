package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What CLOSE_WAIT comes of, by samples that were made up; {@link CausesTest} has the other causes. */
class CloseWaitCausesTest {
    private static final Duration NONE = Duration.ZERO;
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    @Test
    void closeWaitWhoseEndWasRead() {
        Finding finding = Looks.only(Looks.unchanged(
                LISTENER, Sockets.accepted(CLOSE_WAIT, 1, 20_000).row()));
        assertThat(finding.cause()).isEqualTo("eof-read-not-closed");
        assertThat(finding.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(finding.change()).isZero();
    }

    /** However old they are, and though they grow: a handler that takes as long can't be excluded by looking for seconds. */
    @Test
    void aHandlerThatClosesLateStaysARival() {
        assertThat(Looks.only(Looks.unchanged(
                                LISTENER,
                                Sockets.accepted(CLOSE_WAIT, 1, 90_000).row()))
                        .rivals())
                .anyMatch(rival -> rival.what().startsWith("slow-close"));
        SocketRow old = Sockets.accepted(CLOSE_WAIT, 1, 20_000).row();
        Finding grown = Looks.only(new Looks()
                .after(NONE, List.of(LISTENER, old))
                .after(
                        FIVE_SECONDS,
                        List.of(
                                LISTENER,
                                old,
                                Sockets.accepted(CLOSE_WAIT, 2, 3_000).row()))
                .diagnosis());
        assertThat(grown.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(grown.change()).isEqualTo(1);
        assertThat(grown.sockets()).isEqualTo(2);
    }

    @Test
    void closeWaitWhoseEndWasNotRead() {
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(CLOSE_WAIT, 1, 20_000).unread(1).row())))
                .containsExactly("eof-not-read");
    }

    @Test
    void closeWaitThatNobodyAccepted() {
        SocketRow socket =
                Sockets.accepted(CLOSE_WAIT, 1, 20_000).unread(1).unheld().row();
        assertThat(Looks.causes(Looks.unchanged(LISTENER, socket))).containsExactly("never-accepted");
    }

    /** Of workers that share a listener some are named. */
    @Test
    void whoHasTheListenerIsNamed() {
        SocketRow socket =
                Sockets.accepted(CLOSE_WAIT, 1, 20_000).unread(1).unheld().row();
        assertThat(Looks.only(new Looks()
                                .holders(LISTENER, 7, 8, 9, 10, 11)
                                .after(NONE, List.of(LISTENER, socket))
                                .after(FIVE_SECONDS, List.of(LISTENER, socket))
                                .diagnosis())
                        .evidence())
                .anyMatch(line -> line.contains(", fd 5 of 7, fd 5 of 8, fd 5 of 9 and 2 more has 0 connections"));
    }

    @Test
    void openConnectionsThatNobodyAccepts() {
        Finding finding = Looks.only(Looks.unchanged(
                LISTENER, Sockets.accepted(ESTABLISHED, 1, 20_000).unheld().row()));
        assertThat(finding.cause()).isEqualTo("never-accepted");
        assertThat(finding.state()).contains(ESTABLISHED);
    }

    @Test
    void closeWaitThatTwoProcessesHold() {
        SocketRow socket = Sockets.accepted(CLOSE_WAIT, 1, 20_000).row();
        Finding finding = Looks.only(new Looks()
                .holders(LISTENER, 7)
                .holders(socket, 7, 8)
                .after(NONE, List.of(LISTENER, socket))
                .after(FIVE_SECONDS, List.of(LISTENER, socket))
                .diagnosis());
        assertThat(finding.cause()).isEqualTo("shared-fd");
        assertThat(finding.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().startsWith("eof-read-not-closed"));
    }

    @Test
    void closeWaitThatOnlyAnotherProcessHolds() {
        SocketRow socket = Sockets.accepted(CLOSE_WAIT, 1, 20_000).row();
        Finding finding = Looks.only(new Looks()
                .scope(new Scope.OfProcess(7))
                .holders(LISTENER, 7)
                .holders(socket, 8)
                .after(NONE, List.of(LISTENER, socket))
                .after(FIVE_SECONDS, List.of(LISTENER, socket))
                .diagnosis());
        assertThat(finding.cause()).isEqualTo("shared-fd");
        assertThat(finding.certainty()).isEqualTo(Certainty.POSSIBLE);
    }

    @Test
    void workersThatShareAListenerAreOneServer() {
        SocketRow socket = Sockets.accepted(CLOSE_WAIT, 1, 20_000).row();
        assertThat(Looks.causes(new Looks()
                        .scope(new Scope.OfProcess(7))
                        .holders(LISTENER, 7, 8)
                        .holders(socket, 8)
                        .after(NONE, List.of(LISTENER, socket))
                        .after(FIVE_SECONDS, List.of(LISTENER, socket))
                        .diagnosis()))
                .containsExactly("eof-read-not-closed");
    }

    @Test
    void aPoolThatDoesNotLookIsALeakOnceItGrows() {
        SocketRow pooled = Sockets.opened(CLOSE_WAIT, 1, 20_000).unread(1).row();
        assertThat(Looks.causes(Looks.unchanged(LISTENER, pooled))).containsExactly("idle-pool");
        assertThat(Looks.causes(new Looks()
                        .after(NONE, List.of(LISTENER, pooled))
                        .after(
                                FIVE_SECONDS,
                                List.of(
                                        LISTENER,
                                        pooled,
                                        Sockets.opened(CLOSE_WAIT, 2, 3_000)
                                                .unread(1)
                                                .row()))
                        .diagnosis()))
                .containsExactly("eof-not-read");
    }

    /** Another user's: it may as well be stopped, or be told by a loop again and again. */
    @Test
    void whoMayNotSeeThePoolsOwnerIsToldSo() {
        SocketRow pooled = Sockets.opened(CLOSE_WAIT, 1, 20_000).unread(1).row();
        Finding unseen = Looks.only(Looks.unchanged(LISTENER, pooled));
        assertThat(unseen.certainty()).isEqualTo(Certainty.POSSIBLE);
        assertThat(unseen.because()).contains("is unknown").doesNotContain("no event loop");
        assertThat(unseen.rivals()).anyMatch(rival -> rival.what().contains("stopped"));
        ProcessSample owner = new ProcessSample(
                new ProcessStat(Looks.PID, "client", TaskState.SLEEPING, 1, 0, 0),
                List.of(),
                Optional.of(Map.of()),
                Optional.empty());
        Finding seen = Looks.only(new Looks()
                .holders(pooled, Looks.PID)
                .process(owner)
                .after(NONE, List.of(LISTENER, pooled))
                .after(FIVE_SECONDS, List.of(LISTENER, pooled))
                .diagnosis());
        assertThat(seen.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(seen.rivals()).noneMatch(rival -> rival.what().contains("stopped"));
    }

    /** Nobody sees whether it is another's, too. */
    @Test
    void whoMayNotSeeWhoseDescriptorItIsCannotExcludeAnother() {
        SocketRow socket = Sockets.accepted(CLOSE_WAIT, 1, 20_000).row();
        assertThat(Looks.only(Looks.unchanged(LISTENER, socket)).rivals())
                .anyMatch(rival -> rival.what().startsWith("shared-fd"));
    }

    /** Two causes at once in one process. */
    @Test
    void aPoolStaysAPoolBesideALeakToAnotherPlace() {
        SocketRow pooled = Sockets.opened(CLOSE_WAIT, 1, 20_000).unread(1).row();
        SocketRow leaked = Sockets.opened(CLOSE_WAIT, 2, 3_000)
                .endpoints("10.0.0.1", 40_002, "10.0.0.3", 5432)
                .unread(1)
                .row();
        assertThat(Looks.causes(new Looks()
                        .after(NONE, List.of(LISTENER, pooled))
                        .after(FIVE_SECONDS, List.of(LISTENER, pooled, leaked))
                        .diagnosis()))
                .containsExactly("eof-not-read", "idle-pool");
    }

    /** Handlers of another port that are done at last say nothing about these. */
    @Test
    void whatGoesAwayOnOnePortDoesNotExcuseAnother() {
        SocketRow late = Sockets.accepted(CLOSE_WAIT, 1, 8_000).row();
        SocketRow leaked = Sockets.accepted(CLOSE_WAIT, 2, 2_000)
                .endpoints("10.0.0.1", 9090, "10.0.0.2", 40_002)
                .row();
        SocketRow leakedLater = Sockets.accepted(CLOSE_WAIT, 2, 7_000)
                .endpoints("10.0.0.1", 9090, "10.0.0.2", 40_002)
                .row();
        assertThat(Looks.causes(new Looks()
                        .after(NONE, List.of(LISTENER, late, leaked))
                        .after(FIVE_SECONDS, List.of(LISTENER, leakedLater))
                        .diagnosis()))
                .containsExactly("eof-read-not-closed", "slow-close");
    }

    @Test
    void closeWaitThatGoesAway() {
        Finding finding = Looks.only(new Looks()
                .after(
                        NONE,
                        List.of(LISTENER, Sockets.accepted(CLOSE_WAIT, 1, 1_000).row()))
                .after(
                        FIVE_SECONDS,
                        List.of(LISTENER, Sockets.accepted(CLOSE_WAIT, 1, 6_000).row()))
                .after(
                        FIVE_SECONDS,
                        List.of(LISTENER, Sockets.accepted(CLOSE_WAIT, 2, 3_000).row()))
                .diagnosis());
        assertThat(finding.cause()).isEqualTo("slow-close");
        assertThat(finding.sockets()).isEqualTo(2);
    }

    @Test
    void whatLeavesBetweenTwoLooksMayHaveStayedAllThatTime() {
        SocketRow young = Sockets.accepted(CLOSE_WAIT, 1, 900).row();
        SocketRow older = Sockets.accepted(CLOSE_WAIT, 1, 1_900).row();
        SocketRow oldest = Sockets.accepted(CLOSE_WAIT, 2, 2_700).row();
        assertThat(Looks.causes(new Looks()
                        .after(NONE, List.of(LISTENER, young))
                        .after(Duration.ofSeconds(1), List.of(LISTENER, older))
                        .after(Duration.ofSeconds(1), List.of(LISTENER, oldest))
                        .diagnosis()))
                .containsExactly("slow-close");
    }

    @Test
    void closeWaitThatPassesOrGetsSomethingDoneIsWell() {
        SocketRow fresh = Sockets.accepted(CLOSE_WAIT, 1, 50).row();
        assertThat(Looks.causes(new Looks()
                        .after(NONE, List.of(LISTENER))
                        .after(FIVE_SECONDS, List.of(LISTENER, fresh))
                        .diagnosis()))
                .isEmpty();
        assertThat(Looks.causes(Looks.unchanged(
                        LISTENER,
                        Sockets.accepted(CLOSE_WAIT, 1, 20_000).unsent(5_000).row())))
                .as("an answer is under way to a client that has half closed")
                .isEmpty();
    }
}
