package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadTextTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @Test
    void tellsCountsCausesAndLatencies() throws Exception {
        Locale.setDefault(Locale.GERMANY);
        Golden.assertSame("load.txt", LoadText.table(Samples.load()));
    }

    @Test
    void tellsHowItGoesInOneLine() {
        assertThat(LoadText.line(Samples.load()))
                .isEqualTo(" 2.5 s  1,200 connected (480/s), 0 in flight, 1,000 completed, 450 failed"
                        + " (EADDRNOTAVAIL 150, ECONNREFUSED 300)");
    }
}
