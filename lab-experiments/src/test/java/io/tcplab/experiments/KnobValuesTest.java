package io.tcplab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnobValuesTest {
    private enum Side {
        CLIENT,
        FAR_SERVER
    }

    private static final Knob<Integer> SIZE = Knob.integer("size", 5, 1, 10, "how many");
    private static final Knob<Side> SIDE = Knob.choice("side", Side.CLIENT, "which");
    private static final Knob<Duration> WAIT = Knob.seconds("wait", 2, 1, 60, "how long");
    private static final List<Knob<?>> KNOBS = List.of(SIZE, SIDE, WAIT);

    @Test
    void whatIsNotSetKeepsItsDefault() {
        KnobValues values = KnobValues.of("demo", KNOBS, Map.of("side", "far-server"));
        assertThat(values.get(SIZE)).isEqualTo(5);
        assertThat(values.get(SIDE)).isEqualTo(Side.FAR_SERVER);
        assertThat(values.plain()).isEqualTo(Map.of("size", 5, "side", "far-server", "wait", 2L));
    }

    @Test
    void secondsMayBeWrittenWithTheirUnit() {
        assertThat(KnobValues.of("demo", KNOBS, Map.of("wait", "7s")).get(WAIT)).isEqualTo(Duration.ofSeconds(7));
        assertThat(KnobValues.of("demo", KNOBS, Map.of("wait", "7")).get(WAIT)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void complaintsNameTheKnobAndWhatItTakes() {
        assertComplaint("size", "11", "demo: knob size=11: must be 1 to 10");
        assertComplaint("size", "many", "demo: knob size=many: must be a whole number");
        assertComplaint("side", "middle", "must be one of client | far-server");
        assertComplaint("sizes", "4", "did you mean size");
    }

    private static void assertComplaint(String name, String text, String complaint) {
        assertThatThrownBy(() -> KnobValues.of("demo", KNOBS, Map.of(name, text)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(complaint);
    }
}
