package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds. */
class CheckTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SocketRow STUCK =
            Sockets.accepted(TcpState.CLOSE_WAIT, 1, 9_000).row();
    private static final SocketRow LISTENER = Sockets.listener(3, 128);

    @Test
    void whatIsStillThereBreaksIt() {
        Look look = new Looks()
                .after(Duration.ZERO, List.of(LISTENER))
                .after(SECOND, List.of(LISTENER, STUCK))
                .after(SECOND, List.of(LISTENER, STUCK))
                .look();
        Check check = check(look, "CLOSE_WAIT=0");
        assertThat(check.verdict()).isEqualTo(Check.Verdict.BROKEN);
        assertThat(check.measures().getFirst().last()).hasValue(1);
        assertThat(check(look, "CLOSE_WAIT=1").verdict()).isEqualTo(Check.Verdict.HELD);
    }

    @Test
    void whatPassedIsForgiven() {
        Look look = new Looks()
                .after(Duration.ZERO, List.of(LISTENER, STUCK))
                .after(SECOND, List.of(LISTENER))
                .after(SECOND, List.of(LISTENER, STUCK))
                .look();
        Check check = check(look, "CLOSE_WAIT=0");
        assertThat(check.verdict()).isEqualTo(Check.Verdict.HELD);
        assertThat(check.measures().getFirst().peak()).isEqualTo(1);
    }

    @Test
    void theAcceptQueueIsThatOfTheFullestListener() {
        Look look = new Looks().after(Duration.ZERO, List.of(LISTENER)).look();
        assertThat(check(look, "accept-queue=2").verdict()).isEqualTo(Check.Verdict.BROKEN);
        assertThat(check(look, "accept-queue=3").verdict()).isEqualTo(Check.Verdict.HELD);
    }

    @Test
    void whatCannotBeSeenIsUnknown() {
        Look blind = new Looks().after(Duration.ZERO, List.of(LISTENER)).look();
        assertThat(check(blind, "fds=100").verdict()).isEqualTo(Check.Verdict.UNKNOWN);
        Look interrupted = new Looks()
                .interrupted()
                .after(Duration.ZERO, List.of(LISTENER))
                .look();
        assertThat(check(interrupted, "CLOSE_WAIT=0").verdict()).isEqualTo(Check.Verdict.UNKNOWN);
        Look ended = new Look("process 7", blind.scope(), blind.samples(), blind.costs(), true);
        assertThat(check(ended, "CLOSE_WAIT=0").verdict()).isEqualTo(Check.Verdict.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "close_wait=3, CLOSE_WAIT=3",
        "FIN-WAIT-2=0, FIN_WAIT_2=0",
        "estab=7, ESTABLISHED=7",
        "Accept-Queue=1, accept-queue=1"
    })
    void statesAreNamedAsSsAndTheRfcDo(String text, String threshold) {
        assertThat(Threshold.parse(text)).hasToString(threshold);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE_WAIT, write NAME=NUMBER",
        "CLOSE_WIAT=0, did you mean CLOSE_WAIT?",
        "CLOSE_WAIT=few, is not a whole number",
        "CLOSE_WAIT=-1, 0 or more"
    })
    void mistakesAreExplained(String text, String why) {
        assertThatThrownBy(() -> Threshold.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static Check check(Look look, String threshold) {
        return Check.of(look, List.of(Threshold.parse(threshold)), SECOND);
    }
}
