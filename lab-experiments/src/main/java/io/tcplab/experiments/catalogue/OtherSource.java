package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expected;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.limits.KernelRelease;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that binds to its second address before it connects.
 *
 * @param ports how many its host has
 */
record OtherSource(Host client, int ports) {
    private static final KernelRelease GIVEN_BACK = KernelRelease.parse("6.18");
    private static final String KEPT_BACK = "before Linux " + GIVEN_BACK
            + " a port that bind() had is kept from connect() until nobody uses it any more";

    /** Since Linux 6.18 the kernel looks anew at who uses a port when one gives it back; others may have taken that over. */
    static Expected<Long> afterBind(KernelRelease kernel, int all) {
        return kernel.isAtLeast(GIVEN_BACK)
                ? Expected.equalTo(all)
                : Expected.equalTo(0).or(Expected.equalTo(all)).differing(KEPT_BACK);
    }

    /** Binds until it can't: how often it could, and why not once more. */
    String bindEach() {
        List<Socket> bound = new ArrayList<>();
        String end = Vocabulary.OK;
        while (end.equals(Vocabulary.OK) && bound.size() <= ports) {
            Socket socket = client.socket();
            end = socket.bind(address()).name();
            bound.add(socket);
        }
        bound.forEach(Socket::close);
        return "%d, then %s".formatted(bound.size() - 1, end);
    }

    /** As many as there are ports try to connect, and leave the choice of the port to connect(); returns those that could. */
    List<Socket> connect(Socket listener) throws InterruptedException {
        List<Socket> connected = new ArrayList<>();
        for (int i = 0; i < ports; i++) {
            Socket socket = client.socket();
            socket.bindAddressNoPort(true).orThrow("setsockopt IP_BIND_ADDRESS_NO_PORT");
            socket.bind(address()).orThrow("bind to the other source address");
            if (socket.connect(listener.local(), Host.SOON).ok()) {
                connected.add(socket);
            }
        }
        return connected;
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(client.addresses().get(1), 0);
    }
}
