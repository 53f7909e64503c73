package io.tcplab.kernel.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The control bits of a TCP header (RFC 9293 section 3.1; ECE and CWR by RFC 3168), lowest first. */
public enum TcpFlag {
    FIN(0x01, "F"),
    SYN(0x02, "S"),
    RST(0x04, "R"),
    PSH(0x08, "P"),
    ACK(0x10, "."),
    URG(0x20, "U"),
    ECE(0x40, "E"),
    CWR(0x80, "W");

    private final int bit;
    private final String letter;

    TcpFlag(int bit, String letter) {
        this.bit = bit;
        this.letter = letter;
    }

    /** As tcpdump prints it. */
    String letter() {
        return letter;
    }

    /** Its bit in the header's fourteenth byte. */
    int bit() {
        return bit;
    }

    static Set<TcpFlag> of(int bits) {
        EnumSet<TcpFlag> flags = EnumSet.noneOf(TcpFlag.class);
        for (TcpFlag flag : values()) {
            if ((bits & flag.bit()) != 0) {
                flags.add(flag);
            }
        }
        return Collections.unmodifiableSet(flags);
    }

    static int bits(Set<TcpFlag> flags) {
        return flags.stream().mapToInt(TcpFlag::bit).sum();
    }
}
