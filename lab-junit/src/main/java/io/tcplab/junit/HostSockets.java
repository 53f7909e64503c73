package io.tcplab.junit;

import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import java.time.Duration;
import java.util.OptionalInt;

/** The sockets of a namespace that this process can enter. */
record HostSockets(String owner, Namespace namespace, SockDiag sockDiag) implements TcpSockets {
    /** Long enough to see whether sockets close or grow, short enough for a developer who waits for a failing test. */
    static final Duration WINDOW = Duration.ofSeconds(1);

    @Override
    public Census census() {
        Census census = sockDiag.census(SocketQuery.all().withTcpInfo());
        if (!census.complete()) {
            throw new IllegalStateException("the kernel interrupted every attempt to list the sockets of " + owner);
        }
        return census;
    }

    @Override
    public String diagnosis(OptionalInt port) throws InterruptedException {
        Target target =
                port.isPresent() ? new Target.PortInside(namespace, port.getAsInt()) : new Target.Inside(namespace);
        return Diagnostician.diagnose(target, WINDOW).text();
    }

    @Override
    public String toString() {
        return "sockets of " + owner;
    }
}
