package io.tcplab.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Settings of an interface's driver, by {@code ioctl(SIOCETHTOOL)} (net/ethtool/ioctl.c). */
public final class Ethtool {
    /** What an interface does in the kernel's stead; the numbers are ETHTOOL_S… of include/uapi/linux/ethtool.h. */
    public enum Offload {
        RECEIVE_CHECKSUM(0x15),
        TRANSMIT_CHECKSUM(0x17),
        SCATTER_GATHER(0x19),
        TCP_SEGMENTATION(0x1f),
        GENERIC_SEGMENTATION(0x24),
        GENERIC_RECEIVE(0x2c);

        private final int setCommand;

        Offload(int setCommand) {
            this.setCommand = setCommand;
        }
    }

    private static final long SIOCETHTOOL = 0x8946;

    // struct ifreq, include/uapi/linux/if.h: a name, then a union whose pointer member is used here.
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_DATA = 16;

    // struct ethtool_value
    private static final int VALUE_BYTES = 8;
    private static final int VALUE_DATA = 4;
    private static final int OFF = 0;

    private static final CFunction IOCTL = CFunction.ofInt("ioctl");

    private Ethtool() {}

    /**
     * Turns an offload off.
     *
     * @param fd any socket of the namespace in which the interface is
     */
    public static SysResult turnOff(int fd, String interfaceName, Offload offload) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment value = scratch.allocate(VALUE_BYTES, Integer.BYTES);
            value.set(JAVA_INT, 0, offload.setCommand);
            value.set(JAVA_INT, VALUE_DATA, OFF);
            MemorySegment request = scratch.allocate(IFREQ_BYTES, Long.BYTES);
            request.setString(0, interfaceName);
            request.set(ADDRESS, IFREQ_DATA, value);
            return IOCTL.call(fd, SIOCETHTOOL, request);
        }
    }
}
