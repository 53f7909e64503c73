package io.tcplab.kernel.wire;

import io.tcplab.kernel.netns.HardwareAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A TCP segment over IPv4 in an Ethernet frame. Never changes; made by {@link #decode} or {@link SegmentBuilder}.
 * Numbers of 32 bits are unsigned.
 */
public final class Segment {
    static final int ETHERNET_BYTES = 14;
    static final int ETHERTYPE = 12;
    static final int ETHERTYPE_IPV4 = 0x0800;

    // RFC 791 section 3.1
    static final int IP_TOTAL_LENGTH = 2;
    static final int IP_FRAGMENT = 6;
    static final int IP_PROTOCOL = 9;
    static final int IP_CHECKSUM = 10;
    static final int IP_SOURCE = 12;
    static final int IP_DESTINATION = 16;
    static final int IP_BYTES = 20;
    static final int PROTOCOL_TCP = 6;
    private static final int IP_FRAGMENTED = 0x3fff;

    // RFC 9293 section 3.1
    static final int TCP_SEQUENCE = 4;
    static final int TCP_ACKNOWLEDGMENT = 8;
    static final int TCP_OFFSET = 12;
    static final int TCP_FLAGS = 13;
    static final int TCP_WINDOW = 14;
    static final int TCP_CHECKSUM = 16;
    private static final int TCP_URGENT = 18;
    static final int TCP_BYTES = 20;

    private final byte[] frame;
    private final ByteBuffer bytes;
    private final int tcp;
    private final int payload;
    private final int end;

    private Segment(byte[] frame, int tcp, int payload, int end) {
        this.frame = frame;
        this.bytes = ByteBuffer.wrap(frame);
        this.tcp = tcp;
        this.payload = payload;
        this.end = end;
    }

    /**
     * Decodes a frame.
     *
     * @param frame whole, from its Ethernet header; belongs to the segment from now on
     * @return empty if it is something else: another protocol, a fragment, malformed
     */
    public static Optional<Segment> decode(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int ip = ETHERNET_BYTES;
        if (frame.length < ip + IP_BYTES + TCP_BYTES || bytes.getShort(ETHERTYPE) != ETHERTYPE_IPV4) {
            return Optional.empty();
        }
        int tcp = ip + (frame[ip] & 0xf) * 4;
        int end = ip + Short.toUnsignedInt(bytes.getShort(ip + IP_TOTAL_LENGTH));
        boolean whole = (bytes.getShort(ip + IP_FRAGMENT) & IP_FRAGMENTED) == 0;
        if (frame[ip] >> 4 != 4
                || tcp < ip + IP_BYTES
                || frame[ip + IP_PROTOCOL] != PROTOCOL_TCP
                || !whole
                || end > frame.length
                || tcp + TCP_BYTES > end) {
            return Optional.empty();
        }
        int payload = tcp + ((frame[tcp + TCP_OFFSET] >> 4) & 0xf) * 4;
        return payload < tcp + TCP_BYTES || payload > end
                ? Optional.empty()
                : Optional.of(new Segment(frame, tcp, payload, end));
    }

    /** A segment in the making. */
    public static SegmentBuilder from(InetSocketAddress source, InetSocketAddress destination) {
        return new SegmentBuilder(source, destination);
    }

    /** Address and port of the sender. */
    public InetSocketAddress source() {
        return new InetSocketAddress(address(IP_SOURCE), sourcePort());
    }

    /** Address and port of the receiver. */
    public InetSocketAddress destination() {
        return new InetSocketAddress(address(IP_DESTINATION), destinationPort());
    }

    /** Port of the sender. */
    public int sourcePort() {
        return Short.toUnsignedInt(bytes.getShort(tcp));
    }

    /** Port of the receiver. */
    public int destinationPort() {
        return Short.toUnsignedInt(bytes.getShort(tcp + Short.BYTES));
    }

    /** SEG.SEQ of RFC 9293. */
    public long sequence() {
        return Integer.toUnsignedLong(bytes.getInt(tcp + TCP_SEQUENCE));
    }

    /** SEG.ACK of RFC 9293; means nothing without the flag ACK. */
    public long acknowledgment() {
        return Integer.toUnsignedLong(bytes.getInt(tcp + TCP_ACKNOWLEDGMENT));
    }

    /** The control bits that are set. */
    public Set<TcpFlag> flags() {
        return TcpFlag.of(frame[tcp + TCP_FLAGS]);
    }

    /** The control bits as a number, for a quick look. */
    int flagBits() {
        return Byte.toUnsignedInt(frame[tcp + TCP_FLAGS]);
    }

    /** Whether a control bit is set. */
    public boolean has(TcpFlag flag) {
        return (flagBits() & flag.bit()) != 0;
    }

    /** Whether it opens a connection: SYN without ACK. */
    public boolean isSyn() {
        return has(TcpFlag.SYN) && !has(TcpFlag.ACK);
    }

    /** Whether it answers that: SYN with ACK. */
    public boolean isSynAck() {
        return has(TcpFlag.SYN) && has(TcpFlag.ACK);
    }

    /** Whether it acknowledges and does nothing else. */
    public boolean isBareAck() {
        return has(TcpFlag.ACK) && !has(TcpFlag.SYN) && !has(TcpFlag.FIN) && !has(TcpFlag.RST) && payloadLength() == 0;
    }

    /** Whether it acknowledges this FIN of the other side's, and nothing after it. */
    public boolean acknowledges(Segment fin) {
        long afterFin = (fin.sequence() + fin.payloadLength() + 1) & 0xffff_ffffL;
        return has(TcpFlag.ACK) && acknowledgment() == afterFin;
    }

    /** What it is called: {@code SYN}, {@code SYN-ACK}, {@code ACK}, {@code FIN-ACK}, {@code RST-ACK}, … */
    public String name() {
        String first = has(TcpFlag.SYN) ? "SYN" : has(TcpFlag.FIN) ? "FIN" : has(TcpFlag.RST) ? "RST" : "";
        String ack = has(TcpFlag.ACK) ? "ACK" : "";
        return first.isEmpty() || ack.isEmpty() ? first + ack : first + "-" + ack;
    }

    /** The window as the header has it, not scaled. */
    public int window() {
        return Short.toUnsignedInt(bytes.getShort(tcp + TCP_WINDOW));
    }

    /** The options in the header's order. */
    public List<TcpOption> options() {
        return TcpOptions.decode(bytes.slice(tcp + TCP_BYTES, payload - tcp - TCP_BYTES));
    }

    /** The maximum segment size, which only a segment with SYN tells. */
    public OptionalInt mss() {
        return option(TcpOption.MaximumSegmentSize.class)
                .map(option -> OptionalInt.of(option.bytes()))
                .orElse(OptionalInt.empty());
    }

    /** The timestamps, if the connection uses them. */
    public Optional<TcpOption.Timestamps> timestamps() {
        return option(TcpOption.Timestamps.class);
    }

    /** Bytes of payload; SYN and FIN don't count, though they take a sequence number each. */
    public int payloadLength() {
        return end - payload;
    }

    /** The payload; read-only. */
    public ByteBuffer payload() {
        return bytes.slice(payload, payloadLength()).asReadOnlyBuffer();
    }

    /** The whole frame from its Ethernet header; read-only. */
    public ByteBuffer frame() {
        return bytes.asReadOnlyBuffer();
    }

    /** Whether the checksums of both headers are right. */
    public boolean hasRightChecksums() {
        return ipChecksum(frame, tcp).value() == 0
                && tcpChecksum(frame, tcp, end).value() == 0;
    }

    /** As {@code tcpdump -S -nn} prints it, without time and "IP". */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%s > %s: Flags [%s]"
                .formatted(endpoint(IP_SOURCE, sourcePort()), endpoint(IP_DESTINATION, destinationPort()), letters()));
        if (payloadLength() > 0) {
            text.append(", seq ").append(sequence()).append(':').append((sequence() + payloadLength()) & 0xffff_ffffL);
        } else if (has(TcpFlag.SYN) || has(TcpFlag.FIN) || has(TcpFlag.RST)) {
            text.append(", seq ").append(sequence());
        }
        if (has(TcpFlag.ACK)) {
            text.append(", ack ").append(acknowledgment());
        }
        text.append(", win ").append(window());
        if (has(TcpFlag.URG)) {
            text.append(", urg ").append(Short.toUnsignedInt(bytes.getShort(tcp + TCP_URGENT)));
        }
        List<TcpOption> options = options();
        if (!options.isEmpty()) {
            text.append(", options ")
                    .append(options.stream().map(TcpOption::toString).collect(Collectors.joining(",", "[", "]")));
        }
        return text.append(", length ").append(payloadLength()).toString();
    }

    /** A copy for a link with these ends. */
    byte[] frame(HardwareAddress from, HardwareAddress to) {
        byte[] copy = frame.clone();
        to.writeTo(copy, 0);
        from.writeTo(copy, HardwareAddress.BYTES);
        return copy;
    }

    /** The frame itself, to be sent: not to be changed. */
    byte[] bytes() {
        return frame;
    }

    static Checksum ipChecksum(byte[] frame, int tcp) {
        return new Checksum().add(frame, ETHERNET_BYTES, tcp);
    }

    /** Over the pseudo-header of RFC 9293 section 3.1 and the segment. */
    static Checksum tcpChecksum(byte[] frame, int tcp, int end) {
        return new Checksum()
                .add(frame, ETHERNET_BYTES + IP_SOURCE, ETHERNET_BYTES + IP_BYTES)
                .add(PROTOCOL_TCP)
                .add(end - tcp)
                .add(frame, tcp, end);
    }

    private <T extends TcpOption> Optional<T> option(Class<T> kind) {
        return options().stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private InetAddress address(int offset) {
        int at = ETHERNET_BYTES + offset;
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(frame, at, at + 4));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }

    private String endpoint(int offset, int port) {
        return address(offset).getHostAddress() + "." + port;
    }

    private String letters() {
        Set<TcpFlag> flags = flags();
        return flags.isEmpty() ? "none" : flags.stream().map(TcpFlag::letter).collect(Collectors.joining());
    }
}
