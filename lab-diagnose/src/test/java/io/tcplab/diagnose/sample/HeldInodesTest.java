package io.tcplab.diagnose.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldInodesTest {
    @Test
    void whatIsOnlyOnOneSideIsFoundWhateverTheOrder() {
        HeldInodes before = held(9, 4, 7, 1);
        HeldInodes now = held(8, 7, 1, 10);
        assertThat(before.without(now)).containsExactlyInAnyOrder(4L, 9L);
        assertThat(now.without(before)).containsExactlyInAnyOrder(8L, 10L);
    }

    @Test
    void allAreNewAtFirstAndGoneAtLast() {
        assertThat(held(3, 2).without(HeldInodes.NONE)).containsExactlyInAnyOrder(2L, 3L);
        assertThat(HeldInodes.NONE.without(held(3, 2))).isEmpty();
    }

    @Test
    void orphansHaveNoHolder() {
        assertThat(held(0, 5, 0).without(HeldInodes.NONE)).containsExactly(5L);
    }

    private static HeldInodes held(long... inodes) {
        List<SocketRow> rows =
                Arrays.stream(inodes).mapToObj(inode -> Rows.row(inode, 1, 0)).toList();
        return HeldInodes.of(rows);
    }
}
