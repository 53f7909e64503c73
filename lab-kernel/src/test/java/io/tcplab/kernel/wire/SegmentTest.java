package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {
    /** A SYN of Linux 6.18, as it came out of a veth without offloads. */
    private static final String SYN = "3ebaf55dbc0b2221d427fbaf08004500003c6d0140004006b91e0a4d00010a4d00028dfe1f90"
            + "e343501600000000a002faf018390000020405b40402080a0efc3052000000000103030a";

    private static final InetSocketAddress FROM = new InetSocketAddress("10.0.0.1", 4242);
    private static final InetSocketAddress TO = new InetSocketAddress("10.0.0.2", 80);

    @Test
    void aSegmentOfTheKernelsIsDecoded() {
        Segment syn = decode(SYN);
        assertThat(syn.hasRightChecksums()).isTrue();
        assertThat(syn.flags()).isEqualTo(Set.of(TcpFlag.SYN));
        assertThat(syn.payloadLength()).isZero();
        assertThat(syn.window()).isEqualTo(64_240);
        assertThat(syn.mss()).hasValue(1460);
        assertThat(syn.timestamps())
                .hasValueSatisfying(stamps -> assertThat(stamps.echo()).isZero());
        assertThat(syn.options())
                .hasExactlyElementsOfTypes(
                        TcpOption.MaximumSegmentSize.class,
                        TcpOption.SackPermitted.class,
                        TcpOption.Timestamps.class,
                        TcpOption.NoOperation.class,
                        TcpOption.WindowScale.class);
        assertThat(syn)
                .hasToString("10.77.0.1.36350 > 10.77.0.2.8080: Flags [S], seq 3812839446, win 64240, options "
                        + "[mss 1460,sackOK,TS val 251408466 ecr 0,nop,wscale 10], length 0");
    }

    @Test
    void whatIsBuiltIsDecodedAlikeWithRightChecksums() {
        List<TcpOption> options = List.of(
                new TcpOption.MaximumSegmentSize(1460),
                new TcpOption.Timestamps(0xffff_ffffL, 1),
                new TcpOption.Sack(List.of(new TcpOption.Sack.Block(1, 0xffff_fff0L))),
                new TcpOption.NoOperation(),
                new TcpOption.Other(34, "0102"));
        Segment segment = Segment.from(FROM, TO)
                .sequence(0xffff_fffeL)
                .acknowledgment(0x8000_0000L)
                .flags(TcpFlag.PSH, TcpFlag.ACK, TcpFlag.CWR)
                .window(65_535)
                .options(options.toArray(TcpOption[]::new))
                .payload("odd".getBytes(StandardCharsets.US_ASCII))
                .build();
        assertThat(segment.hasRightChecksums()).isTrue();
        assertThat(segment.source()).isEqualTo(FROM);
        assertThat(segment.destination()).isEqualTo(TO);
        assertThat(segment.options()).startsWith(options.toArray(TcpOption[]::new));
        assertThat(StandardCharsets.US_ASCII.decode(segment.payload()).toString())
                .isEqualTo("odd");
        assertThat(segment)
                .hasToString("10.0.0.1.4242 > 10.0.0.2.80: Flags [P.W], seq 4294967294:1, ack 2147483648, win 65535,"
                        + " options [mss 1460,TS val 4294967295 ecr 1,sack 1 {1:4294967280},nop,unknown-34 0x0102,eol],"
                        + " length 3");
    }

    /** Its header's length is in words, in the low half of its first byte (RFC 791, 3.1): less than five isn't possible. */
    @Test
    void anIpHeaderThatIsTooShortIsNoSegment() {
        byte[] frame = HexFormat.of().parseHex(SYN);
        frame[14] = 0x44;
        assertThat(Segment.decode(frame)).isEmpty();
        frame[14] = 0x65;
        assertThat(Segment.decode(frame)).isEmpty();
    }

    @Test
    void aTcpHeaderThatTheIpPacketHasNoRoomForIsNoSegment() {
        byte[] frame = HexFormat.of().parseHex(SYN);
        ByteBuffer.wrap(frame).putShort(16, (short) 39); // IP's total length: a byte less than both headers
        assertThat(Segment.decode(frame)).isEmpty();
    }

    @Test
    void aSackWithoutBlocksIsKeptAsItIs() {
        Segment segment = Segment.from(FROM, TO)
                .flags(TcpFlag.ACK)
                .options(new TcpOption.Other(5, ""))
                .build();
        assertThat(segment.options()).startsWith(new TcpOption.Other(5, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 20, 26, 33, 37, 50, 53})
    void oneWrongByteIsAWrongChecksum(int offset) {
        byte[] frame =
                bytes(Segment.from(FROM, TO).flags(TcpFlag.SYN).sequence(99).build());
        if (offset >= Segment.ETHERNET_BYTES) {
            frame[offset] ^= 1;
            assertThat(Segment.decode(frame).filter(Segment::hasRightChecksums)).isEmpty();
        } else {
            assertThat(Segment.decode(frame).orElseThrow().hasRightChecksums()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "12, 86, another protocol over Ethernet",
        "14, 65, IPv6's version",
        "14, 68, an IP header too short",
        "23, 17, UDP",
        "20, 32, a fragment",
        "16, 127, longer than the frame",
        "46, 64, a TCP header too short",
        "46, -16, a TCP header longer than the segment",
    })
    void whatIsNoWholeSegmentIsNone(int offset, byte value, String why) {
        byte[] frame = bytes(Segment.from(FROM, TO).build());
        frame[offset] = value;
        assertThat(Segment.decode(frame)).as(why).isEmpty();
    }

    @Test
    void aFrameCutShortIsNone() {
        byte[] frame = HexFormat.of().parseHex(SYN);
        for (int length = 0; length < frame.length; length++) {
            assertThat(Segment.decode(Arrays.copyOf(frame, length))).isEmpty();
        }
    }

    @Test
    void malformedOptionsEndTheList() {
        assertThat(TcpOptions.decode(ByteBuffer.wrap(new byte[] {1, 2, 40})))
                .containsExactly(new TcpOption.NoOperation());
        assertThat(TcpOptions.decode(ByteBuffer.wrap(new byte[] {8, 1, 1, 1}))).isEmpty();
        assertThat(TcpOptions.decode(ByteBuffer.wrap(new byte[] {8}))).isEmpty();
        assertThat(TcpOptions.decode(ByteBuffer.wrap(new byte[] {2, 3, 9, 0})))
                .containsExactly(new TcpOption.Other(2, "09"), new TcpOption.End());
    }

    @Test
    void onlyIpv4CanBeBuilt() {
        InetSocketAddress six = new InetSocketAddress("fd00::1", 1);
        assertThatThrownBy(() -> Segment.from(six, TO).build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Segment.from(FROM, TO).payload(new byte[1401]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Segment decode(String hex) {
        return Segment.decode(HexFormat.of().parseHex(hex)).orElseThrow();
    }

    private static byte[] bytes(Segment segment) {
        byte[] bytes = new byte[segment.frame().remaining()];
        segment.frame().get(bytes);
        return bytes;
    }
}
