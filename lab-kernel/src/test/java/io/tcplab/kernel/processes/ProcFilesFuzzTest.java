package io.tcplab.kernel.processes;

import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any bytes in place of what /proc says of a process. */
class ProcFilesFuzzTest extends FuzzTests {
    private static final String STAT =
            "4711 (a) (b c) S 1 4711 4711 0 -1 4194560 16 0 0 0 150 25 0 0 20 0 1 0 98765 1 2 3";

    private static final String EVENTPOLL = """
            pos:	0
            flags:	02000002
            mnt_id:	15
            ino:	1057
            tfd:        5 events: 80002019 data:                5  pos:0 ino:2a1b sdev:8
            tfd:        7 events:       19 data: ffffffff00000007  pos:0 ino:2a1c sdev:8
            """;

    static List<FuzzTarget> targets() {

        return List.of(
                new FuzzTarget(
                        "/proc/PID/stat",
                        List.of(bytes(STAT)),
                        bytes -> ProcessStat.parse(text(bytes)),
                        MalformedException.class),
                new FuzzTarget(
                        "/proc/PID/fdinfo",
                        List.of(bytes(EVENTPOLL)),
                        bytes -> Epoll.parse(4, text(bytes)),
                        MalformedException.class));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
