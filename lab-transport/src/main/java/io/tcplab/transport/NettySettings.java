package io.tcplab.transport;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What can be set in Netty only by system properties, and only before its classes are loaded. What the user has set
 * stays.
 */
final class NettySettings {
    private NettySettings() {}

    static void apply() {
        // Netty names channels after a hardware address. In a namespace that has only lo it finds none, and warns.
        setUnlessSet("io.netty.machineId", randomEui64());
        // A multishot accept that fails is armed again at once, autoRead or not (AbstractIoUringChannel.readComplete):
        // out of descriptors, it would fail for ever and take a whole CPU.
        setUnlessSet("io.netty.iouring.acceptMultiShotEnabled", "false");
        // A multishot poll's events are dropped while a read is under way, and a read that empties the socket ends the
        // read loop: a RST that comes with the last bytes is forgotten, and the channel stays open for ever. With a
        // poll for each read, the next one sees it.
        setUnlessSet("io.netty.iouring.pollAddMultishotEnabled", "false");
    }

    private static String randomEui64() {
        byte[] bytes = new byte[8];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
