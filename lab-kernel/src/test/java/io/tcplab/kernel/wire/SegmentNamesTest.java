package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a segment is called and taken for, by its flags; and how rules are written. */
class SegmentNamesTest {
    private static final InetSocketAddress FROM = new InetSocketAddress("10.0.0.1", 4242);
    private static final InetSocketAddress TO = new InetSocketAddress("10.0.0.2", 80);

    @ParameterizedTest
    @CsvSource({
        // flags, payload, name, SYN, SYN-ACK, bare ACK
        "SYN, '', SYN, true, false, false",
        "SYN ACK, '', SYN-ACK, false, true, false",
        "ACK, '', ACK, false, false, true",
        "ACK, data, ACK, false, false, false",
        "PSH ACK, '', ACK, false, false, true",
        "FIN ACK, '', FIN-ACK, false, false, false",
        "RST ACK, '', RST-ACK, false, false, false",
        "RST, '', RST, false, false, false",
        "FIN, '', FIN, false, false, false",
        "PSH, '', '', false, false, false",
    })
    void flagsSayWhatItIs(
            String flags, String payload, String name, boolean isSyn, boolean isSynAck, boolean isBareAck) {
        Segment segment = segment(flags, payload, 1, 1);
        assertThat(segment.name()).isEqualTo(name);
        assertThat(segment.isSyn()).isEqualTo(isSyn);
        assertThat(segment.isSynAck()).isEqualTo(isSynAck);
        assertThat(segment.isBareAck()).isEqualTo(isBareAck);
    }

    @Test
    void aFinIsAcknowledgedWithItsDataAndItself() {
        Segment fin = segment("FIN ACK", "data", 0xffff_fffeL, 1);
        assertThat(segment("ACK", "", 1, 3).acknowledges(fin)).isTrue();
        assertThat(segment("ACK", "", 1, 2).acknowledges(fin)).isFalse();
        assertThat(segment("ACK", "", 1, 4).acknowledges(fin)).isFalse();
        assertThat(segment("RST", "", 1, 3).acknowledges(fin)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RST     |      | Flags [R], seq 7, win",
                "FIN ACK |      | Flags [F.], seq 7, ack 9, win",
                "ACK     |      | Flags [.], ack 9, win",
                "ACK     | data | Flags [.], seq 7:11, ack 9, win",
            })
    void isPrintedAsTcpdumpDoes(String flags, String payload, String text) {
        Segment segment = segment(flags, payload == null ? "" : payload, 7, 9);
        assertThat(segment.toString()).startsWith("10.0.0.1.4242 > 10.0.0.2.80: " + text);
    }

    @Test
    void rangesAndActionsAreWritten() {
        assertThat(new Range(3, 3)).hasToString("3");
        assertThat(new Range(3, 5)).hasToString("3 to 5");
        assertThat(Range.from(3)).hasToString("3 and on");
        assertThat(new Action.Pass()).hasToString("pass");
        assertThat(new Action.Drop()).hasToString("drop");
        assertThat(new Action.Hold()).hasToString("hold");
        assertThat(new Action.Duplicate()).hasToString("duplicate");
        assertThat(new Action.Reorder()).hasToString("swap with the next");
        assertThat(new Action.Delay(Duration.ofMillis(20))).hasToString("delay by 20 ms");
        assertThat(new Action.Replay(Duration.ofMillis(30))).hasToString("replay after 30 ms");
        assertThat(Match.toServer().with(TcpFlag.SYN, TcpFlag.ACK).toString()).contains("SYN", "ACK");
    }

    private static Segment segment(String flags, String payload, long sequence, long acknowledgment) {
        List<TcpFlag> all = new ArrayList<>();
        for (String flag : flags.split(" ", -1)) {
            all.add(TcpFlag.valueOf(flag));
        }
        return Segment.from(FROM, TO)
                .sequence(sequence)
                .acknowledgment(acknowledgment)
                .flags(all.toArray(TcpFlag[]::new))
                .payload(payload.getBytes(StandardCharsets.US_ASCII))
                .build();
    }
}
