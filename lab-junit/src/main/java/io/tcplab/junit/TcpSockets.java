package io.tcplab.junit;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SockDiag;
import java.util.OptionalInt;

/** Sockets that the kernel can be asked about: a host's of a cell, or this machine's. */
public interface TcpSockets {
    /** Their owner, for messages. */
    String owner();

    /**
     * What the kernel shows now: all TCP sockets, with tcp_info.
     *
     * @throws IllegalStateException if the kernel's answer was interrupted each time
     */
    Census census();

    /**
     * Looks for a moment more and says what is wrong, in plain words: which cause, how sure, what to look at in the code, and
     * the experiment that shows the same.
     *
     * @param port only sockets with this local port, or, if there is none, with this peer's port
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    String diagnosis(OptionalInt port) throws InterruptedException;

    /**
     * Those of the network in which this JVM was started, for tests that run on the machine's own loopback. Other
     * programs' sockets are among them: select by port.
     */
    static TcpSockets ofThisMachine() {
        return ThisMachine.SOCKETS;
    }

    /** Opened when first asked for, and kept: a netlink socket. */
    final class ThisMachine {
        private static final TcpSockets SOCKETS =
                new HostSockets("this machine", Namespace.current(), SockDiag.open(Namespace.current()));

        private ThisMachine() {}
    }
}
