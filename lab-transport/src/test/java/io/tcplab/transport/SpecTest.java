package io.tcplab.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {
    private enum Side {
        NEAR_END,
        FAR_END
    }

    @Test
    void readsNameAndSettings() {
        assertThat(Spec.parse("hold")).isEqualTo(new Spec("hold", Map.of()));
        assertThat(Spec.parse("hold:for=5s, size=64KiB"))
                .isEqualTo(new Spec("hold", Map.of("for", "5s", "size", "64KiB")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":a=b", "hold:", "hold:a", "hold:=b", "hold:a=", "hold:a=b,", "hold:a=1,a=2"})
    void refusesWhatIsMalformed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Spec.parse(text));
    }

    @Test
    void settingsHaveTypesAndDefaults() {
        Spec spec = Spec.parse("hold:flag=true,number=7,size=2MiB,span=3m,side=far-end");

        assertThat(spec.flag("flag", false)).isTrue();
        assertThat(spec.number("number", 0, 1)).isEqualTo(7);
        assertThat(spec.integer("number", 0, 1)).isEqualTo(7);
        assertThat(spec.bytes("size", 0, 1)).isEqualTo(2 << 20);
        assertThat(spec.duration("span", Duration.ZERO)).isEqualTo(Duration.ofMinutes(3));
        assertThat(spec.choice("side", Side.class, Side.NEAR_END)).isEqualTo(Side.FAR_END);

        Spec bare = Spec.of("hold");
        assertThat(bare.flag("flag", true)).isTrue();
        assertThat(bare.number("number", 5, 1)).isEqualTo(1);
        assertThat(bare.bytes("size", 0, 9)).isEqualTo(9);
        assertThat(bare.duration("span", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(bare.choice("side", Side.class, Side.NEAR_END)).isEqualTo(Side.NEAR_END);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Spec spec = Spec.of("hold")
                .with("flag", true)
                .with("number", 7)
                .withBytes("size", 64 << 10)
                .with("span", Duration.ofMillis(1500))
                .with("side", Side.FAR_END);

        assertThat(spec).hasToString("hold:flag=true,number=7,size=64KiB,span=1500ms,side=far-end");
        assertThat(Spec.parse(spec.toString())).isEqualTo(spec);
    }

    @Test
    void unknownSettingNamesTheNearest() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse("hold:pehr=5").allow("for", "per"))
                .withMessage("unknown setting of hold \"pehr\"; did you mean per? (choices: for, per)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse("hold:for=5s").allow())
                .withMessage("unknown setting of hold \"for\" (there are none)");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        Spec spec = Spec.parse("hold:number=3000000000,size=99999999999GiB");

        assertThatIllegalArgumentException().isThrownBy(() -> spec.integer("number", 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> spec.number("number", 3_000_000_001L, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> spec.bytes("size", 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"500us,PT0.0005S", "200ms,PT0.2S", "5s,PT5S", "2m,PT2M", "1h,PT1H", "90s,PT1M30S", "0s,PT0S"})
    void durationsAreReadAndWritten(String text, Duration span) {
        assertThat(Durations.parse(text)).isEqualTo(span);
        assertThat(Durations.parse(Durations.format(span))).isEqualTo(span);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "5 s", "1.5s", "s", "5d", "9999999999999s", "999999999999h", "24001h"})
    void refusesOtherDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }
}
