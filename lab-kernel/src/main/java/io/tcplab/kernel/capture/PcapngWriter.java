package io.tcplab.kernel.capture;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes Ethernet frames to a file of the format pcapng, one section of it, in this machine's byte order
 * (draft-ietf-opsawg-pcapng). Times are in nanoseconds.
 *
 * <p>For one thread at a time. Every failure is a {@link CaptureException}; what is in the file then are whole packets,
 * so that it can be read all the same.
 */
final class PcapngWriter implements AutoCloseable {
    // Block types, section 4
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final short MAJOR = 1;
    private static final short MINOR = 0;
    private static final long UNKNOWN_LENGTH = -1;
    private static final short LINKTYPE_ETHERNET = 1;

    // Options: section 3.5 and those of each block
    private static final short OPT_END = 0;
    private static final short OPT_COMMENT = 1;
    private static final short SHB_USERAPPL = 4;
    private static final short IF_NAME = 2;
    private static final short IF_TSRESOL = 9;
    private static final byte NANOSECONDS = 9;
    private static final short EPB_FLAGS = 2;

    /** All of a block but frame and comment. */
    private static final int FIXED_BYTES = 256;

    private static final int USUAL_BLOCK_BYTES = 4096;

    private final Path file;
    private final FileChannel channel;
    private final OutputStream out;
    private long packets;
    private long packetsInFile;
    private long bytesInFile;
    private ByteBuffer block = buffer(USUAL_BLOCK_BYTES);

    /** Which way a frame went at the interface; the bits are those of epb_flags. */
    enum Way {
        UNKNOWN(0),
        INBOUND(1),
        OUTBOUND(2);

        private final int flags;

        Way(int flags) {
            this.flags = flags;
        }
    }

    private PcapngWriter(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
    }

    /**
     * Creates the file, or empties it.
     *
     * @param interfaces their names; a packet tells its interface by its index here
     * @param longestCaptured bytes of a frame that are written at most
     */
    static PcapngWriter open(Path file, List<String> interfaces, int longestCaptured) {
        PcapngWriter writer;
        try {
            writer = new PcapngWriter(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new CaptureException(file, 0, e);
        }
        try {
            writer.section();
            interfaces.forEach(name -> writer.describe(name, longestCaptured));
            writer.flush();
            return writer;
        } catch (CaptureException e) {
            writer.abandon(e);
            throw e;
        }
    }

    /**
     * Writes a frame.
     *
     * @param frame what was captured of it, between position and limit; the position moves
     * @param length of the whole frame in bytes
     * @param comment what a reader should know about it; empty for nothing
     */
    void write(int interfaceIndex, long epochNanos, ByteBuffer frame, int length, Way way, String comment) {
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        int captured = frame.remaining();
        begin(ENHANCED_PACKET, captured + text.length);
        block.putInt(interfaceIndex)
                .putInt((int) (epochNanos >>> Integer.SIZE))
                .putInt((int) epochNanos)
                .putInt(captured)
                .putInt(length)
                .put(frame);
        pad();
        if (way != Way.UNKNOWN) {
            option(
                    EPB_FLAGS,
                    ByteBuffer.allocate(Integer.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .putInt(way.flags)
                            .array());
        }
        if (text.length > 0) {
            option(OPT_COMMENT, text);
        }
        end();
        packets++;
    }

    /** Hands what has been written to the system. */
    void flush() {
        try {
            out.flush();
            bytesInFile = channel.position();
            packetsInFile = packets;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                out.flush();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Closes after a failure, which remains the reported one. */
    private void abandon(CaptureException failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Ends the file with the last packet that is in it as a whole. */
    private CaptureException failed(IOException cause) {
        CaptureException failure = new CaptureException(file, packetsInFile, cause);
        try {
            channel.truncate(bytesInFile);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        abandon(failure);
        return failure;
    }

    private void section() {
        begin(SECTION_HEADER, 0);
        block.putInt(BYTE_ORDER_MAGIC).putShort(MAJOR).putShort(MINOR).putLong(UNKNOWN_LENGTH);
        option(SHB_USERAPPL, "TCP Lab".getBytes(StandardCharsets.UTF_8));
        end();
    }

    private void describe(String name, int longestCaptured) {
        begin(INTERFACE_DESCRIPTION, 0);
        block.putShort(LINKTYPE_ETHERNET).putShort((short) 0).putInt(longestCaptured);
        option(IF_NAME, name.getBytes(StandardCharsets.UTF_8));
        option(IF_TSRESOL, new byte[] {NANOSECONDS});
        end();
    }

    private void begin(int type, int variableBytes) {
        int needed = variableBytes + FIXED_BYTES;
        block = block.capacity() < needed ? buffer(needed) : block.clear();
        block.putInt(type).putInt(0);
    }

    private void option(short code, byte[] value) {
        block.putShort(code).putShort((short) value.length).put(value);
        pad();
    }

    private void end() {
        block.putShort(OPT_END).putShort((short) 0);
        int length = block.position() + Integer.BYTES;
        block.putInt(length).putInt(Integer.BYTES, length);
        try {
            out.write(block.array(), block.arrayOffset(), length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void pad() {
        while (block.position() % Integer.BYTES != 0) {
            block.put((byte) 0);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }
}
