package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.client.Http;
import io.tcplab.client.Tls;
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
    void tellsHttpAnswersAndWhatToDo() throws Exception {
        Golden.assertSame("load-http.txt", LoadText.table(LoadSamples.http()));
        assertThat(LoadAdvice.of(LoadSamples.http()))
                .containsExactly(
                        "TLS answered in plain text: this port doesn't speak TLS: leave --tls out, or give the TLS port",
                        "HTTP 301: redirects count as completed and aren't followed; ask for the page that they lead to");
    }

    @Test
    void aPageSaysWhatWasAsked() {
        assertThat(LoadBlocks.of(
                                LoadSamples.plan()
                                        .withExchange(Http.parse("GET /"))
                                        .withTls(Tls.trustingAll()),
                                LoadSamples.http())
                        .toString())
                .contains(", GET /, over TLS", "answered with", "HTTP 503", "leave --tls out");
    }

    @Test
    void tellsHowItGoesInOneLine() {
        assertThat(LoadText.line(Samples.load()))
                .isEqualTo(" 2.5 s  1,200 connected (480/s), 0 in flight, 1,000 completed, 450 failed"
                        + " (EADDRNOTAVAIL 150, ECONNREFUSED 300)");
    }
}
