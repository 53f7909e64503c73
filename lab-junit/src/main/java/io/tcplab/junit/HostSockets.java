package io.tcplab.junit;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;

/** The sockets of a namespace that this process can enter. */
record HostSockets(String owner, Namespace namespace, SockDiag sockDiag) implements TcpSockets {
    @Override
    public Census census() {
        Census census = sockDiag.census(SocketQuery.all().withTcpInfo());
        if (!census.complete()) {
            throw new IllegalStateException("the kernel interrupted each try at a census of the sockets of " + owner);
        }
        return census;
    }

    @Override
    public String toString() {
        return "sockets of " + owner;
    }
}
