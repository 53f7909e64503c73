package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import java.net.InetAddress;

/**
 * Where connections have to do with the same program: the address and port on which they were accepted, or to which they were opened.
 * What is seen of some tells nothing about those of another place.
 */
record Place(boolean accepted, InetAddress address, int port) {
    static Place of(Evidence evidence, SocketRow socket) {
        return evidence.isAccepted(socket)
                ? new Place(true, socket.localAddress(), socket.localPort())
                : new Place(false, socket.peerAddress(), socket.peerPort());
    }
}
