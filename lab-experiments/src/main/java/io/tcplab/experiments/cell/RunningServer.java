package io.tcplab.experiments.cell;

import java.net.InetSocketAddress;
import java.util.List;

/** A server at work on a host of a cell. It ends with its cell. */
public interface RunningServer {

    /** Where it listens, one for each of the host's addresses. */
    List<InetSocketAddress> addresses();

    /** Where it listens on the host's first address. */
    default InetSocketAddress address() {
        return addresses().getFirst();
    }

    /** Starts to accept, if the behaviour had it stop. */
    void resumeAccepting();
}
