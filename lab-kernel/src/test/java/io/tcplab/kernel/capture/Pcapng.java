package io.tcplab.kernel.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads a file block by block, strictly: comments and interface names, which tcpdump does not show. */
record Pcapng(List<String> interfaces, List<Packet> packets) {

    record Packet(int interfaceIndex, long epochNanos, int captured, String comment) {}

    static Pcapng read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Pcapng content = new Pcapng(new ArrayList<>(), new ArrayList<>());
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = bytes.getInt(start + 4);
            if (length % 4 != 0 || bytes.getInt(start + length - 4) != length) {
                throw new AssertionError("a block at " + start + " whose two lengths are not one: " + length);
            }
            ByteBuffer body = bytes.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
            switch (bytes.getInt(start)) {
                case 0x0a0d0d0a -> {
                    if (body.getInt(0) != 0x1a2b3c4d) {
                        throw new AssertionError("another byte order");
                    }
                }
                case 1 ->
                    options(body.position(8), (code, value) -> {
                        if (code == 2) {
                            content.interfaces.add(value);
                        }
                    });
                case 6 -> content.packets.add(packet(body));
                default -> throw new AssertionError("an unknown block at " + start);
            }
            bytes.position(start + length);
        }
        return content;
    }

    private static Packet packet(ByteBuffer body) {
        int captured = body.getInt(12);
        StringBuilder comment = new StringBuilder();
        options(body.position(20 + (captured + 3) / 4 * 4), (code, value) -> {
            if (code == 1) {
                comment.append(value);
            }
        });
        long time = ((long) body.getInt(4) << 32) | Integer.toUnsignedLong(body.getInt(8));
        return new Packet(body.getInt(0), time, captured, comment.toString());
    }

    private static void options(ByteBuffer at, BiConsumer<Integer, String> each) {
        while (at.hasRemaining()) {
            int code = at.getShort();
            byte[] value = new byte[at.getShort()];
            at.get(value).position((at.position() + 3) / 4 * 4);
            each.accept(code, new String(value, StandardCharsets.UTF_8));
        }
    }
}
