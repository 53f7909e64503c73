package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.support.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Any bytes in place of /proc/net/netstat and snmp. */
class CountersFuzzTest {
    private static final String SNMP = """
            Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens
            Tcp: 1 200 120000 -1 18446744073709551615 7
            IcmpMsg:
            IcmpMsg:
            """;

    @Test
    void tables() {
        assertThat(Fuzz.failures(
                        "/proc/net/snmp",
                        List.of(SNMP.getBytes(StandardCharsets.US_ASCII)),
                        bytes -> CounterTable.parse(new String(bytes, StandardCharsets.ISO_8859_1), new HashMap<>()),
                        IllegalStateException.class))
                .isEmpty();
    }
}
