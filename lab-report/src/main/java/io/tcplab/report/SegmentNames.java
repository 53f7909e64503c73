package io.tcplab.report;

import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import java.util.List;
import java.util.stream.Collectors;

/** What a segment is called: by its flags, those first that begin or end something. */
final class SegmentNames {
    private static final List<TcpFlag> ORDER =
            List.of(TcpFlag.SYN, TcpFlag.FIN, TcpFlag.RST, TcpFlag.PSH, TcpFlag.ACK, TcpFlag.URG);

    private SegmentNames() {}

    /** {@code SYN ACK}; {@code no flags} if there are none of those in RFC 9293. */
    static String of(Segment segment) {
        String flags = ORDER.stream().filter(segment::has).map(TcpFlag::name).collect(Collectors.joining(" "));
        return flags.isEmpty() ? "no flags" : flags;
    }
}
