package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.Release;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * The frames of one interface, through a ring that the kernel fills (packet(7),
 * Documentation/networking/packet_mmap.rst), and a way to send frames out of it.
 *
 * <p>A ring and not a socket's receive buffer, since that is bounded by net.core.rmem_max, which an ordinary user can't
 * pass: 200 KiB are a few hundred frames. TPACKET_V2 and not V3, since V3 hands frames over by the block, a millisecond
 * late.
 *
 * <p>A slot belongs to the kernel or to us, as its status word says; that is read with acquire and given back with
 * release (tpacket_rcv() in net/packet/af_packet.c). For one draining thread. Ends with the process.
 */
public final class PacketRing implements AutoCloseable {
    /** Frames that fit into the ring: a quarter of a second of 16,000 frames a second. */
    private static final int SLOTS = 4096;

    /** Room for a frame of an interface with an MTU of 1500, behind the slot's header. */
    private static final int SLOT_BYTES = 2048;

    private static final int BLOCK_BYTES = 1 << 16;

    // include/uapi/linux/if_packet.h
    private static final int SOL_PACKET = 263;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_TIMESTAMP = 17;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int TPACKET_V2 = 1;
    private static final int PACKET_OUTGOING = 4;
    private static final int TP_STATUS_KERNEL = 0;
    private static final int TP_STATUS_USER = 1;
    private static final int ETH_P_ALL = 0x0003;

    /**
     * SOF_TIMESTAMPING_SOFTWARE, include/uapi/linux/net_tstamp.h: the time at which the kernel first met the frame, not
     * that of its copy into the ring.
     */
    private static final int TIMESTAMPING_SOFTWARE = 1 << 4;

    /** Turns timestamps of frames on, include/uapi/asm-generic/socket.h. */
    private static final int SO_TIMESTAMPNS = 35;

    // struct tpacket2_hdr, and behind it, aligned to 16, struct sockaddr_ll
    private static final int HEADER_STATUS = 0;
    private static final int HEADER_LEN = 4;
    private static final int HEADER_SNAPLEN = 8;
    private static final int HEADER_MAC = 12;
    private static final int HEADER_SEC = 16;
    private static final int HEADER_NSEC = 20;
    private static final int HEADER_PKTTYPE = 32 + 10;

    private static final int SOCKADDR_LL_BYTES = 20;

    private static final VarHandle STATUS = JAVA_INT.varHandle();

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final ByteBuffer slots;
    private final ByteBuffer sending = Libc.buffer(SLOT_BYTES);
    private int next;
    private long dropped;

    /** Takes a frame while the ring holds it: copy what is to be kept. */
    @FunctionalInterface
    public interface FrameHandler {
        /**
         * Takes one.
         *
         * @param epochNanos when the kernel met the frame, CLOCK_REALTIME
         * @param frame from its Ethernet header; what was captured is between position and limit
         * @param length of the frame in bytes, more than was captured if it does not fit into a slot
         * @param outgoing whether this host sent it
         */
        void frame(long epochNanos, ByteBuffer frame, int length, boolean outgoing);
    }

    private PacketRing(int fd) {
        this.fd = fd;
        this.memory = SharedMapping.of(fd, (long) SLOTS * SLOT_BYTES, arena, "a packet socket's ring");
        this.slots = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Begins to receive the frames of an interface in the calling thread's namespace, whomever they are addressed to.
     *
     * @param outgoing whether to receive those as well that the namespace itself sends there
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_NET_RAW; ENODEV; ENOMEM
     */
    public static PacketRing open(int interfaceIndex, boolean outgoing) {
        // Protocol 0 receives nothing: the ring must not begin with frames of other interfaces.
        int fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0)
                .intOrThrow("open a packet socket", PacketRing::openRemedy);
        PacketRing ring = mapped(fd, outgoing);
        try {
            bindTo(fd, interfaceIndex);
            return ring;
        } catch (RuntimeException e) {
            // With its memory: as long as that is mapped, the socket lives on without a descriptor.
            throw Release.after(e, ring);
        }
    }

    private static PacketRing mapped(int fd, boolean outgoing) {
        try {
            configure(fd, outgoing);
            return new PacketRing(fd);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    /** For poll(2): readable when there are frames. */
    public int fd() {
        return fd;
    }

    /**
     * Takes frames out of the ring, in the kernel's order.
     *
     * @param atMost how many
     * @return how many there were
     */
    public int drain(int atMost, FrameHandler handler) {
        for (int taken = 0; taken < atMost; taken++) {
            int base = next * SLOT_BYTES;
            if (((int) STATUS.getAcquire(memory, (long) base + HEADER_STATUS) & TP_STATUS_USER) == 0) {
                return taken;
            }
            long epochNanos = TimeUnit.SECONDS.toNanos(Integer.toUnsignedLong(slots.getInt(base + HEADER_SEC)))
                    + slots.getInt(base + HEADER_NSEC);
            int start = base + Short.toUnsignedInt(slots.getShort(base + HEADER_MAC));
            slots.limit(start + slots.getInt(base + HEADER_SNAPLEN)).position(start);
            boolean outgoing = slots.get(base + HEADER_PKTTYPE) == PACKET_OUTGOING;
            handler.frame(epochNanos, slots, slots.getInt(base + HEADER_LEN), outgoing);
            slots.clear();
            STATUS.setRelease(memory, (long) base + HEADER_STATUS, TP_STATUS_KERNEL);
            next = (next + 1) % SLOTS;
        }
        return atMost;
    }

    /**
     * Sends a frame out of the interface, without ever waiting: EAGAIN or ENOBUFS if the kernel has no room. By one
     * thread at a time.
     *
     * @param frame whole, from its Ethernet header, at most an MTU of 1500
     */
    public SysResult send(byte[] frame) {
        return Libc.send(fd, sending.clear().put(frame).flip(), Libc.MSG_DONTWAIT);
    }

    /** How many frames found no room in the ring, since {@link #open}. */
    public synchronized long dropped() {
        // struct tpacket_stats; reading resets it.
        ByteBuffer stats = Libc.buffer(2 * Integer.BYTES);
        SocketCalls.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, stats)
                .orThrow("read a packet socket's statistics", "");
        dropped += Integer.toUnsignedLong(stats.getInt(Integer.BYTES));
        return dropped;
    }

    @Override
    public void close() {
        Release.all(arena, () -> Libc.close(fd).orThrow("close a packet socket", ""));
    }

    private static void configure(int fd, boolean outgoing) {
        set(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2);
        set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, outgoing ? 0 : 1);
        set(fd, SOL_PACKET, PACKET_TIMESTAMP, TIMESTAMPING_SOFTWARE);
        set(fd, Libc.SOL_SOCKET, SO_TIMESTAMPNS, 1);
        // struct tpacket_req
        set(fd, SOL_PACKET, PACKET_RX_RING, BLOCK_BYTES, SLOTS * SLOT_BYTES / BLOCK_BYTES, SLOT_BYTES, SLOTS);
    }

    /**
     * A veth has no filter of addresses: the ring gets frames for others, too, as the wire needs it (__netif_receive_skb_core). Promiscuous
     * mode would only put two lines into the kernel's log for each cell.
     */
    private static void bindTo(int fd, int interfaceIndex) {
        ByteBuffer address = Libc.buffer(SOCKADDR_LL_BYTES)
                .putShort((short) Libc.AF_PACKET)
                .put((byte) (ETH_P_ALL >> Byte.SIZE))
                .put((byte) ETH_P_ALL)
                .putInt(interfaceIndex)
                .clear();
        Libc.bind(fd, address).orThrow("bind a packet socket to interface " + interfaceIndex, "");
    }

    private static void set(int fd, int level, int option, int... words) {
        ByteBuffer value = Libc.buffer(words.length * Integer.BYTES);
        for (int word : words) {
            value.putInt(word);
        }
        Libc.setsockopt(fd, level, option, value.flip())
                .orThrow("set option " + level + "/" + option + " of a packet socket", "");
    }

    private static String openRemedy(Errno errno) {
        return switch (errno) {
            case EPERM -> "needs CAP_NET_RAW: run as root, or through lab, which enters a user namespace";
            case EMFILE, ENFILE -> "close files or raise the limit (ulimit -n)";
            case EAFNOSUPPORT -> "load the kernel's module af_packet";
            default -> "";
        };
    }
}
