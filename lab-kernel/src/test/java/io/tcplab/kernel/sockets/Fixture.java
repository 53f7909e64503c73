package io.tcplab.kernel.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Messages that a kernel has sent; README.txt beside them says which and how. */
final class Fixture {
    private Fixture() {}

    /** A message's payload, in the byte order of the machine that it was captured on. */
    static ByteBuffer message(String name) {
        try (InputStream file = Fixture.class.getResourceAsStream(name + ".hex")) {
            if (file == null) {
                throw new AssertionError("no fixture " + name);
            }
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
