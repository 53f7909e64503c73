package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoadTest {
    static Stream<Load> loads() {
        return Stream.of(
                new ShortLived(),
                new ShortLived(3, ShortLived.Closer.SERVER),
                new Hold(),
                new KeepAlive(),
                new KeepAlive(2),
                new HalfClose(),
                new Abort(),
                new Abort(Abort.Moment.ECHO),
                new GiveUpAfter(),
                new GiveUpAfter(Duration.ofMillis(250)));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void theSpecReadsBackAsTheSame(Load load) {
        assertThat(Load.parse(load.spec())).isEqualTo(load);
        assertThat(load.spec()).startsWith(load.name());
        assertThat(load.summary()).isNotBlank();
    }

    @Test
    void eachNameAloneIsALoad() {
        assertThat(Load.names())
                .containsExactlyElementsOf(loads().map(Load::name).distinct().toList())
                .allSatisfy(name -> assertThat(Load.parse(name).name()).isEqualTo(name));
        assertThat(List.of(Load.parse("keep-alive"), Load.parse("short-lived")))
                .containsExactly(new KeepAlive(16), new ShortLived(1, ShortLived.Closer.CLIENT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shortlived                    | load "shortlived"
            short-lived:closes-first=me   | closes-first of short-lived "me"
            short-lived:requests=0        | requests=0 is not at least 1
            short-lived:requests=99999999999 | requests
            hold:for=3s                   | setting of hold "for"
            keep-alive:pol=3              | setting of keep-alive "pol"
            keep-alive:pool=0             | pool=0 is not at least 1
            abort:after=echoes            | after of abort "echoes"
            give-up-after:timeout=0s      | timeout
            give-up-after:timeout=soon    | timeout
            """)
    void whatIsWrongIsNamed(String spec, String named) {
        assertThatThrownBy(() -> Load.parse(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void recordsRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> new ShortLived(0, ShortLived.Closer.CLIENT)).hasMessageContaining("requests");
        assertThatThrownBy(() -> new KeepAlive(0)).hasMessageContaining("pool");
        assertThatThrownBy(() -> new GiveUpAfter(Duration.ZERO)).hasMessageContaining("timeout");
        assertThatThrownBy(() -> new GiveUpAfter(Duration.ofDays(1_000_000))).hasMessageContaining("timeout");
    }
}
