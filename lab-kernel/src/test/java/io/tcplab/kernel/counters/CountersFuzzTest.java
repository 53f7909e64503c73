package io.tcplab.kernel.counters;

import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;

/** Any bytes in place of /proc/net/netstat and snmp. */
class CountersFuzzTest extends FuzzTests {
    private static final String SNMP = """
            Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens
            Tcp: 1 200 120000 -1 18446744073709551615 7
            IcmpMsg:
            IcmpMsg:
            """;

    static List<FuzzTarget> targets() {

        return List.of(new FuzzTarget(
                "/proc/net/snmp",
                List.of(SNMP.getBytes(StandardCharsets.US_ASCII)),
                bytes -> CounterTable.parse(new String(bytes, StandardCharsets.ISO_8859_1), new HashMap<>()),
                IllegalStateException.class));
    }
}
