package io.tcplab.kernel.wire;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Crafts a segment that no kernel has made; its checksums are right. */
public final class SegmentBuilder {
    private static final int LONGEST_OPTIONS = 40;
    private static final int LONGEST_PAYLOAD = 1400;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int TIME_TO_LIVE = 64;

    private final InetSocketAddress source;
    private final InetSocketAddress destination;
    private long sequence;
    private long acknowledgment;
    private Set<TcpFlag> flags = Set.of();
    private int window = 65_535;
    private List<TcpOption> options = List.of();
    private byte[] payload = {};

    SegmentBuilder(InetSocketAddress source, InetSocketAddress destination) {
        this.source = source;
        this.destination = destination;
    }

    /** SEG.SEQ; 32 bits of it count. */
    public SegmentBuilder sequence(long number) {
        sequence = number;
        return this;
    }

    /** SEG.ACK; 32 bits of it count. Does not set the flag ACK. */
    public SegmentBuilder acknowledgment(long number) {
        acknowledgment = number;
        return this;
    }

    /** The control bits. */
    public SegmentBuilder flags(TcpFlag... set) {
        flags = Set.of(set);
        return this;
    }

    /** The window as the header has it, 0 to 65,535. */
    public SegmentBuilder window(int unscaled) {
        window = unscaled;
        return this;
    }

    /** The options in their order, 40 bytes of them at most; filled up to a multiple of four bytes. */
    public SegmentBuilder options(TcpOption... inOrder) {
        options = List.of(inOrder);
        return this;
    }

    /** The payload, 1,400 bytes at most. */
    public SegmentBuilder payload(byte[] bytes) {
        if (bytes.length > LONGEST_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a payload of " + bytes.length + " bytes is longer than " + LONGEST_PAYLOAD);
        }
        payload = bytes.clone();
        return this;
    }

    /** The segment. Its hardware addresses are zero; the wire puts in those of its ends. */
    public Segment build() {
        byte[] encoded = encodedOptions();
        int tcp = Segment.ETHERNET_BYTES + Segment.IP_BYTES;
        ByteBuffer frame = ByteBuffer.allocate(tcp + Segment.TCP_BYTES + encoded.length + payload.length);
        frame.position(Segment.ETHERTYPE).putShort((short) Segment.ETHERTYPE_IPV4);
        ip(frame, frame.capacity() - Segment.ETHERNET_BYTES);
        frame.putShort((short) source.getPort())
                .putShort((short) destination.getPort())
                .putInt((int) sequence)
                .putInt((int) acknowledgment)
                .put((byte) (((Segment.TCP_BYTES + encoded.length) / 4) << 4))
                .put((byte) TcpFlag.bits(flags))
                .putShort((short) window)
                .putInt(0)
                .put(encoded)
                .put(payload);
        byte[] bytes = frame.array();
        frame.putShort(Segment.ETHERNET_BYTES + Segment.IP_CHECKSUM, (short)
                Segment.ipChecksum(bytes, tcp).value());
        frame.putShort(tcp + Segment.TCP_CHECKSUM, (short)
                Segment.tcpChecksum(bytes, tcp, bytes.length).value());
        return Segment.decode(bytes).orElseThrow(() -> new AssertionError("not what decode() takes"));
    }

    private void ip(ByteBuffer frame, int totalLength) {
        frame.putShort((short) 0x4500)
                .putShort((short) totalLength)
                .putShort((short) 0)
                .putShort((short) DONT_FRAGMENT)
                .put((byte) TIME_TO_LIVE)
                .put((byte) Segment.PROTOCOL_TCP)
                .putShort((short) 0)
                .put(ipv4(source))
                .put(ipv4(destination));
    }

    private byte[] encodedOptions() {
        ByteBuffer encoded = ByteBuffer.allocate(LONGEST_OPTIONS);
        options.forEach(option -> TcpOptions.encode(option, encoded));
        byte[] padded = new byte[(encoded.position() + 3) / 4 * 4];
        encoded.flip().get(padded, 0, encoded.limit());
        return padded;
    }

    private static byte[] ipv4(InetSocketAddress endpoint) {
        if (endpoint.getAddress() instanceof Inet4Address address) {
            return address.getAddress();
        }
        throw new IllegalArgumentException("not an IPv4 address: " + endpoint);
    }
}
