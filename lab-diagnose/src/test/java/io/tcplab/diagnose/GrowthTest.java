package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.SocketRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Open connections that become more: which of that is a leak, and when there were too few looks to tell. */
class GrowthTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SocketRow LISTENER = Sockets.listener(0, 128);

    /** Nothing went or came since long before anybody looked. */
    private static final long IDLE_MILLIS = 100_000;

    /** A slow machine takes seconds for each. */
    @Test
    void tooFewLooksAreToldAsALimit() {
        Diagnosis diagnosis = looks(3, SECOND.multipliedBy(3), look -> 4 * look, GrowthTest::idle);
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.conclusive()).isFalse();
        assertThat(diagnosis.limits())
                .singleElement()
                .asString()
                .contains("10.0.0.2:5432")
                .contains("only 3 looks in 6.0 s")
                .endsWith("--for 18s");
        assertThat(diagnosis.text()).contains("not everything was visible");
    }

    @Test
    void ofOneLookNobodyKnowsWhetherTheyGrow() {
        assertThat(looks(1, SECOND, look -> 8, GrowthTest::idle).limits())
                .singleElement()
                .asString()
                .contains("only 1 look")
                .endsWith("--for 10s");
        assertThat(looks(1, SECOND, look -> 2, GrowthTest::idle).conclusive())
                .as("a few are no leak, however often one looks")
                .isTrue();
    }

    /** However often it looked, none was seen for long enough to be used again. */
    @Test
    void tooShortALookIsTold() {
        Diagnosis diagnosis = looks(11, SECOND.dividedBy(5), look -> 2 * look, GrowthTest::idle);
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.conclusive()).isFalse();
    }

    @Test
    void fewLooksDoWhereNothingGrows() {
        assertThat(looks(2, SECOND.multipliedBy(5), look -> 20, GrowthTest::idle)
                        .conclusive())
                .isTrue();
        assertThat(looks(3, SECOND.multipliedBy(3), look -> 4 * look, GrowthTest::accepted)
                        .conclusive())
                .as("accepted ones are no finding, whatever they do")
                .isTrue();
    }

    /** A pool that was filled while this looked, and looked often. */
    @Test
    void manyLooksTellThatItStopped() {
        assertThat(looks(11, SECOND, look -> look == 0 ? 0 : 12, GrowthTest::idle)
                        .conclusive())
                .isTrue();
    }

    @Test
    void burstsGrowToo() {
        Finding finding = Looks.only(looks(11, SECOND, look -> 6 * ((look + 2) / 3), GrowthTest::idle));
        assertThat(finding.cause()).isEqualTo("connections-growing");
        assertThat(finding.certainty()).isEqualTo(Certainty.POSSIBLE);
    }

    /** A crawler that forgets them, or a member of a cluster. */
    @Test
    void oneToEachOfManyAddressesGrowsByThePort() {
        Finding finding = Looks.only(looks(11, SECOND, look -> 2 * look, GrowthTest::scattered));
        assertThat(finding.cause()).isEqualTo("connections-growing");
        assertThat(finding.title()).contains("port 443 of 20 addresses");
        assertThat(finding.certainty()).isEqualTo(Certainty.POSSIBLE);
        assertThat(finding.rivals()).anyMatch(rival -> rival.what().contains("many peers"));
    }

    /** Forgotten ones that go on with their heartbeats look as a load does that is rising. */
    @Test
    void thoseThatGrowAndAreUsedAreAnObservation() {
        Diagnosis diagnosis = looks(11, SECOND, look -> 2 * look, GrowthTest::busy);
        Looks.assertOnlyObserves(
                diagnosis, "connections-growing (possible): open connections to 10.0.0.2:5432", "heartbeats");
    }

    /** @param number how many there are at a look */
    private static Diagnosis looks(int looks, Duration pause, IntUnaryOperator number, IntFunction<Sockets> socket) {
        Looks all = new Looks();
        for (int look = 0; look < looks; look++) {
            List<SocketRow> now = new ArrayList<>(List.of(LISTENER));
            for (int n = 0; n < number.applyAsInt(look); n++) {
                SocketRow row = socket.apply(n).row();
                all.holders(row, Looks.PID);
                now.add(row);
            }
            all.holders(LISTENER, Looks.PID).after(pause, now);
        }
        return all.diagnosis();
    }

    private static Sockets idle(int number) {
        return Sockets.opened(ESTABLISHED, number, IDLE_MILLIS);
    }

    private static Sockets busy(int number) {
        return Sockets.opened(ESTABLISHED, number, 100);
    }

    private static Sockets accepted(int number) {
        return Sockets.accepted(ESTABLISHED, number, IDLE_MILLIS);
    }

    private static Sockets scattered(int number) {
        return idle(number).endpoints("10.0.0.1", 40_000 + number, "10.0.1." + number, 443);
    }
}
