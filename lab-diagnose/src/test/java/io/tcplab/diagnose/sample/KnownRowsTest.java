package io.tcplab.diagnose.sample;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static SocketRow row(int socket, long recvQueue) {
        return Rows.row(socket + 1, socket + 1, recvQueue);
    }
}
