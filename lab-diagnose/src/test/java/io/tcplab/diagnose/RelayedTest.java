package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Two connections of one process may be halves of one, and the culprit behind the other half. */
class RelayedTest {
    private static final int COUNT = 3;
    private static final int OTHER = 4711;
    private static final String PAIRED = "3 of the 3 look like halves of relayed connections";

    @Test
    void aFinThatWasPassedOn() {
        Finding finding = found(0, n -> opened(TcpState.FIN_WAIT2, n, 90_000, 5_010), Looks.PID);
        assertThat(finding.cause()).isEqualTo("eof-read-not-closed");
        assertThat(finding.evidence())
                .anyMatch(line -> line.startsWith(PAIRED
                                + ": when the FIN arrived, the program ended its side of another (3 with"
                                + " 10.0.0.2:5432), but that peer doesn't close: 10.0.0.1:8080 with"
                                + " 10.0.0.2:4")
                        && line.endsWith(" with 10.0.0.2:5432"));
        assertThat(finding.advice())
                .startsWith("First look behind this program, at what it waits for (3 with 10.0.0.2:5432)");
    }

    @Test
    void dataThatWasPassedOn() {
        Finding finding = found(1, n -> opened(TcpState.ESTABLISHED, n, 6_020, 6_015), Looks.PID);
        assertThat(finding.cause()).isEqualTo("eof-not-read");
        assertThat(finding.evidence()).anyMatch(line -> line.startsWith(PAIRED + ": when the last data arrived"));
    }

    @Test
    void whatWasSentAtAnotherTime() {
        assertAlone(n -> opened(TcpState.ESTABLISHED, n, 7_000, 6_900), Looks.PID);
    }

    @Test
    void whatHasBeenAnswered() {
        assertAlone(
                n -> Sockets.opened(TcpState.ESTABLISHED, n, 0)
                        .activity(activity(6_000, 5_990, 5_990, 1))
                        .row(),
                Looks.PID);
    }

    @Test
    void whatAnotherProcessHas() {
        assertAlone(n -> opened(TcpState.FIN_WAIT2, n, 90_000, 5_000), OTHER);
    }

    /** Both were accepted. */
    @Test
    void anotherClient() {
        assertAlone(
                n -> Sockets.accepted(TcpState.FIN_WAIT2, n, 0)
                        .activity(activity(6_000, 90_000, 5_000, 0))
                        .row(),
                Looks.PID);
    }

    private static void assertAlone(IntFunction<SocketRow> half, int pid) {
        assertThat(found(0, half, pid).evidence()).noneMatch(line -> line.contains("relayed"));
    }

    /** What is found of clients that have left, the data 6 s ago and the FIN a second later. */
    private static Finding found(long unread, IntFunction<SocketRow> half, int pid) {
        Looks looks = new Looks();
        List<SocketRow> all = new ArrayList<>(List.of(Sockets.listener(0, 128)));
        for (int n = 0; n < COUNT; n++) {
            SocketRow stuck = Sockets.accepted(TcpState.CLOSE_WAIT, n, 0)
                    .unread(unread)
                    .activity(activity(90_000, 6_000, 5_000, 0))
                    .row();
            SocketRow other = half.apply(COUNT + n);
            looks.holders(stuck, Looks.PID).holders(other, pid);
            all.addAll(List.of(stuck, other));
        }
        return looks.after(Duration.ZERO, all).after(Duration.ofSeconds(5), all).diagnosis().findings().stream()
                .filter(finding -> finding.state().equals(Optional.of(TcpState.CLOSE_WAIT)))
                .findFirst()
                .orElseThrow();
    }

    /** From which nothing but ACKs has come. */
    private static SocketRow opened(TcpState state, int number, long sent, long acknowledged) {
        return Sockets.opened(state, number, 0)
                .activity(activity(sent, 80_000, acknowledged, 1))
                .row();
    }

    private static Activity activity(long sent, long received, long acknowledged, long ownSyns) {
        return new Activity(sent, received, acknowledged, 101, 100, 0, 65_535, 65_535, 204_000, 0, 7, ownSyns);
    }
}
