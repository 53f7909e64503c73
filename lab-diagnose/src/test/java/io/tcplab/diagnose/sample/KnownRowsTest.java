package io.tcplab.diagnose.sample;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.SocketTimer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class KnownRowsTest {
    @Test
    void aSocketAboutWhichNothingIsNewKeepsItsRow() {
        List<SocketRow> before = rows(0, 100);
        assertShares(100, before, KnownRows.of(before, rows(0, 100)));
    }

    @Test
    void oneThatChangedHasANewRow() {
        List<SocketRow> before = rows(0, 100);
        List<SocketRow> now = rows(0, 100);
        now.set(50, row(50, 1));
        List<SocketRow> shared = KnownRows.of(before, now);
        assertThat(shared).isEqualTo(now);
        assertShares(99, before, shared);
    }

    /** The kernel's clock ticks, and a look lists one socket after the other: so much isn't news. */
    @Test
    void oneThatOnlyGrewOlderKeepsItsRow() {
        List<SocketRow> before = List.of(Rows.row(1, 1, 0, silent(5_000, 5_000), 0));
        List<SocketRow> now = List.of(Rows.row(1, 1, 0, silent(7_030, 6_970), SECONDS.toNanos(2)));
        assertShares(1, before, KnownRows.of(before, now));
        assertThat(before.getFirst().silentMillis(SECONDS.toNanos(2))).isEqualTo(7_000);
    }

    /** Such as that of a keepalive probe: no data came. */
    @Test
    void anAnswerIsNews() {
        List<SocketRow> before = List.of(Rows.row(1, 1, 0, silent(5_000, 5_000), 0));
        List<SocketRow> now = List.of(Rows.row(1, 1, 0, silent(7_000, 400), SECONDS.toNanos(2)));
        assertThat(KnownRows.of(before, now)).isEqualTo(now);
    }

    @Test
    void aTimerThatRunsDownIsNotNews() {
        List<SocketRow> before = List.of(timed(60_000, 0));
        assertShares(1, before, KnownRows.of(before, List.of(timed(57_990, SECONDS.toNanos(2)))));
        List<SocketRow> again = List.of(timed(60_000, SECONDS.toNanos(2)));
        assertThat(KnownRows.of(before, again)).isEqualTo(again);
        assertThat(before.getFirst().asOf(SECONDS.toNanos(2)).timerMillis()).isEqualTo(58_000);
        assertThat(before.getFirst().asOf(SECONDS.toNanos(90)).timerMillis()).isZero();
    }

    /** What the kernel doesn't record doesn't grow older. */
    @Test
    void anAgeThatIsUnknownStaysSo() {
        SocketRow row = Rows.row(1, 1, 0, silent(SocketMessage.ABSENT, SocketMessage.ABSENT), 0);
        assertThat(row.silentMillis(SECONDS.toNanos(2))).isEqualTo(SocketMessage.ABSENT);
    }

    /** More than are looked at ahead. */
    @Test
    void manyMayBeGoneAtOnce() {
        List<SocketRow> before = rows(0, 1000);
        List<SocketRow> now = rows(0, 100);
        now.addAll(rows(900, 1000));
        assertShares(200, before, KnownRows.of(before, now));
    }

    @Test
    void theFirstLookHasNoneThatIsKnown() {
        List<SocketRow> now = rows(0, 3);
        assertThat(KnownRows.of(List.of(), now)).isSameAs(now);
        assertThat(KnownRows.of(now, List.of())).isEmpty();
    }

    @RepeatedTest(50)
    void rowsAreAlwaysThoseOfNow(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<SocketRow> before = rows(0, 2_000);
        List<SocketRow> now = new ArrayList<>();
        int same = 0;
        for (int socket = 0; socket < before.size(); socket++) {
            int fate = random.nextInt(20);
            if (fate == 0) {
                now.add(row(10_000 + socket, 0)); // one comes before it
            }
            if (fate != 1) { // it is gone
                now.add(row(socket, fate == 2 ? 1 : 0));
                same += fate == 2 ? 0 : 1;
            }
        }
        List<SocketRow> shared = KnownRows.of(before, now);
        assertThat(shared).isEqualTo(now);
        assertShares(same, before, shared);
    }

    private static void assertShares(int rows, List<SocketRow> before, List<SocketRow> now) {
        Set<SocketRow> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(before);
        assertThat(now.stream().filter(known::contains)).hasSize(rows);
    }

    private static List<SocketRow> rows(int from, int end) {
        return new ArrayList<>(
                IntStream.range(from, end).mapToObj(socket -> row(socket, 0)).toList());
    }

    private static Activity silent(long dataMillis, long ackMillis) {
        return new Activity(dataMillis, dataMillis, ackMillis, 1, 1, 0, 65_535, 65_535, 204_000, 0, 7, 0);
    }

    private static SocketRow timed(long millis, long seenNanos) {
        return Rows.row(1, 1, 0, null, SocketTimer.Kind.TIME_WAIT, millis, seenNanos);
    }

    private static SocketRow row(int socket, long recvQueue) {
        return Rows.row(socket + 1, socket + 1, recvQueue);
    }
}
