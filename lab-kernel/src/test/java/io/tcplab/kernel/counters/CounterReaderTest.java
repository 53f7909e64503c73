package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CounterReaderTest {
    /** What never counts anything; useless_numbers in iproute2's nstat.c. */
    private static final List<String> LEFT_OUT_BY_NSTAT = List.of(
            "IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab");

    private final Namespace namespace = Namespace.create("counters");
    private final CounterReader reader = CounterReader.open(namespace);

    @AfterEach
    void close() {
        reader.close();
        namespace.close();
    }

    @Test
    void agreesWithNstat() throws Exception {
        refusedConnection();
        Map<String, Long> nstat = nstat();
        Map<String, Long> ours = reader.read().values();
        assertThat(ours).containsAllEntriesOf(nstat);
        assertThat(ours.keySet()).filteredOn(name -> !nstat.containsKey(name)).isSubsetOf(LEFT_OUT_BY_NSTAT);
    }

    @Test
    void aRefusedConnectionCounts() throws Exception {
        Counters before = reader.read();
        refusedConnection();
        Counters went = reader.read().since(before);
        assertThat(went.get("TcpActiveOpens")).isEqualTo(1);
        assertThat(went.get("TcpAttemptFails")).isEqualTo(1);
        assertThat(went.get("TcpOutRsts")).isEqualTo(1);
        assertThat(went.get("TcpExtListenOverflows")).isZero();
    }

    @Test
    void whatHappensInAnotherNamespaceDoesNotCount() throws Exception {
        Counters before = reader.read();
        try (Namespace other = Namespace.create("other");
                CounterReader others = CounterReader.open(other)) {
            other.call(() -> connectToNobody());
            assertThat(others.read().get("TcpAttemptFails")).isEqualTo(1);
        }
        assertThat(reader.read().since(before).get("TcpActiveOpens")).isZero();
    }

    @Test
    void readsFromAnyThreadWhatIsInItsNamespace() throws Exception {
        refusedConnection();
        AtomicReference<Counters> read = new AtomicReference<>(new Counters(0, Map.of()));
        Thread.ofVirtual().start(() -> read.set(reader.read())).join();
        assertThat(read.get().get("TcpAttemptFails")).isEqualTo(1);
        try (Namespace other = Namespace.create("other")) {
            assertThat(other.call(reader::read).get("TcpAttemptFails")).isEqualTo(1);
        }
    }

    @Test
    void theClockIsNanoTimes() {
        long before = System.nanoTime();
        assertThat(reader.read().atNanos()).isBetween(before, System.nanoTime());
    }

    @Test
    void aCounterThatThisKernelLacksIsNamed() {
        Counters counters = reader.read();
        assertThat(counters.has("TcpExtListenOverflow")).isFalse();
        assertThatThrownBy(() -> counters.get("TcpExtListenOverflow"))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("TcpExtListenOverflow")
                .hasMessageContaining("did you mean TcpExtListenOverflows");
    }

    @Test
    void aClosedReaderSaysSo() {
        reader.close();
        assertThatThrownBy(reader::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void parsesPairsOfLines() {
        Map<String, Long> values = new HashMap<>();
        CounterTable.parse("Tcp: RtoMin MaxConn\nTcp: 200 -1\nIcmpMsg:\nIcmpMsg:\n", values);
        assertThat(values).containsOnly(Map.entry("TcpRtoMin", 200L), Map.entry("TcpMaxConn", -1L));
        for (String malformed : List.of("Tcp: C\n", "Tcp: C D\nTcp: 1\n", "Tcp: C\nUdp: 1\n", "Tcp: C\nTcp: x\n")) {
            assertThatThrownBy(() -> CounterTable.parse("Tcp: A\nTcp: 1\n" + malformed, values))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("(?s).* lines? [34] .*|.* line 3: .*");
        }
    }

    /** Of ICMP's messages a namespace lists the types that it has seen. */
    @Test
    void aCounterThatCameLaterBeganAtZero() {
        Counters before = new Counters(1, Map.of("TcpOutRsts", 4L));
        Counters after = new Counters(2, Map.of("TcpOutRsts", 5L, "IcmpMsgInType5", 3L));
        assertThat(after.since(before)).isEqualTo(new Counters(2, Map.of("TcpOutRsts", 1L, "IcmpMsgInType5", 3L)));
    }

    private void refusedConnection() {
        namespace.call(() -> connectToNobody());
    }

    /** To a port outside of ip_local_port_range: inside of it the connection might meet itself. */
    private static boolean connectToNobody() throws IOException {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        try (SocketChannel connection = SocketChannel.open(nobody)) {
            throw new AssertionError("connected: " + connection);
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** Absolute values (-a), zeros too (-z), without writing a history (-s). The inet6 ones stand in another file. */
    private Map<String, Long> nstat() throws IOException {
        Process process = namespace.call(() -> new ProcessBuilder("nstat", "-asz").start());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Long> values = new HashMap<>();
        output.lines()
                .filter(line -> !line.startsWith("#") && !line.matches("(Ip6|Icmp6|Udp6|UdpLite6).*"))
                .forEach(line -> {
                    String[] columns = line.split("\\s+", -1);
                    values.put(columns[0], Long.parseLong(columns[1]));
                });
        return values;
    }
}
