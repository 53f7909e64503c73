package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.EvidenceMissing;
import org.junit.jupiter.api.Test;

class LastedTest {
    private static final double LONGEST = 6.5;

    @Test
    void whatWasSeenToEndInTimeDid() {
        assertThat(new Lasted(4.9, 5.1).against(LONGEST)).isEqualTo(5.1);
    }

    @Test
    void whatWasStillThereLaterIsLate() {
        assertThat(new Lasted(6.6, 6.8).against(LONGEST)).isEqualTo(6.8);
        assertThat(new Lasted(6.6, Double.POSITIVE_INFINITY).against(LONGEST)).isInfinite();
    }

    @Test
    void whatMayHaveEndedEarlyIsUnknown() {
        assertThatThrownBy(() -> new Lasted(0, 5.1).against(4.8, LONGEST)).isInstanceOf(EvidenceMissing.class);
        assertThat(new Lasted(0, 0.2).against(4.8, LONGEST)).isEqualTo(0.2);
    }

    @Test
    void whatNobodyLookedAtInTimeIsUnknown() {
        assertThatThrownBy(() -> new Lasted(4.9, 7.4).against(LONGEST))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("still there after 4.9 s, gone after 7.4 s");
    }

    @Test
    void whatIsKnownByTheSecondIsComparedAndNothingElse() {
        assertThat(new Lasted(59.8, 60.1).known()).isEqualTo(60.1);
        assertThatThrownBy(() -> new Lasted(58.9, 60.9).known())
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("too busy");
        assertThat(new Lasted(20, Double.POSITIVE_INFINITY).known()).isEqualTo(Double.POSITIVE_INFINITY);
    }
}
