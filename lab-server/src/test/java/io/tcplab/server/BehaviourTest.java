package io.tcplab.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BehaviourTest {
    @ParameterizedTest
    @MethodSource("io.tcplab.server.Behaviour#all")
    void isReadBackFromItsSpec(Behaviour behaviour) {
        assertThat(Behaviour.parse(behaviour.spec())).isEqualTo(behaviour);
        assertThat(Behaviour.parse(behaviour.name())).isEqualTo(behaviour);
        assertThat(behaviour.summary()).isNotBlank();
    }

    @Test
    void everyBehaviourIsListedOnce() {
        assertThat(Behaviour.all())
                .extracting(Object::getClass)
                .doesNotHaveDuplicates()
                .hasSameSizeAs(Behaviour.class.getPermittedSubclasses());
    }

    @Test
    void settingsAreRead() {
        assertThat(Behaviour.parse("block-before-close:for=5s,how=spin,on=worker,at=first-read,workers=2"))
                .isEqualTo(new BlockBeforeClose(
                        Duration.ofSeconds(5),
                        BlockBeforeClose.How.SPIN,
                        BlockBeforeClose.On.WORKER,
                        BlockBeforeClose.At.FIRST_READ,
                        2));
        assertThat(Behaviour.parse("half-close-then-send:bytes=1MiB,for=100ms"))
                .isEqualTo(new HalfCloseThenSend(1 << 20, Duration.ofMillis(100)));
        assertThat(Behaviour.parse("linger-zero:after-bytes=10,answers=false")).isEqualTo(new LingerZero(10, false));
        assertThat(Behaviour.parse("well-behaved:closes-first=true")).isEqualTo(new WellBehaved(true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            never-closed                      | did you mean never-close
            never-close:for=1s                | unknown setting of never-close "for"
            slow-response:dealy=1s            | did you mean delay
            slow-response:delay=soon          | slow-response: delay: "soon" is not a duration
            linger-zero:after-bytes=0         | linger-zero: after-bytes=0 is not at least 1
            block-before-close:workers=0      | at least 1
            block-before-close:workers=1e3    | not a whole number
            block-before-close:how=sleep      | unknown how of block-before-close "sleep"
            well-behaved:closes-first=yes     | not true or false
            """)
    void mistakesAreNamed(String text, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Behaviour.parse(text))
                .withMessageContaining(expected);
    }

    @Test
    void recordsRefuseWhatASpecCannotSay() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LingerZero(0, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new SlowResponse(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new HalfCloseThenSend(0, Duration.ZERO));
    }
}
