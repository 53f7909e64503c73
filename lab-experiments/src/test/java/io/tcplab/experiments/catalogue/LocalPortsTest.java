package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel complains in its log of a range that begins and ends with ports of the same parity. */
class LocalPortsTest {
    @ParameterizedTest
    @CsvSource({
        "10000, 64, 10000 10063, ''",
        "10001, 2, 10001 10002, ''",
        "10000, 1, 10000 10001, 10001",
        "10000, 15, 10000 10015, 10015",
        "65535, 1, 65534 65535, 65534"
    })
    void reservesWhatTheRangeHasTooMany(int first, int count, String range, String reserved) {
        assertThat(LocalPorts.of(first, count)).isEqualTo(new LocalPorts(range, reserved));
    }
}
