package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Optional;

/** A peer with more to send than its kernel may take at once. */
final class Sending {
    private static final int MOST_AT_ONCE = 1 << 16;

    private final Socket socket;
    private final int port;
    private int left;

    /** Each of these sends this many bytes, until the servers have all of them or take no more. */
    static void all(List<Socket> peers, int bytes, Host client) throws InterruptedException {
        List<Sending> all = peers.stream().map(peer -> new Sending(peer, bytes)).toList();
        client.await(
                census -> all.stream().filter(one -> one.hasStopped(census)).count() == all.size());
    }

    /** Sends this many bytes at once, and closes. */
    static void thenClose(Socket peer, int bytes) {
        peer.send(bytes).orThrow("send");
        peer.close();
    }

    private Sending(Socket socket, int bytes) {
        this.socket = socket;
        port = socket.port();
        left = bytes;
    }

    /** Sends what its kernel takes now; whether, by this census, all has been acknowledged or the peer's window is shut. */
    private boolean hasStopped(Census census) {
        Optional<Integer> taken = left == 0
                ? Optional.empty()
                : socket.send(Math.min(left, MOST_AT_ONCE)).toOptional();
        left -= taken.orElse(0);
        return taken.isEmpty()
                && census.in(TcpState.ESTABLISHED).stream()
                        .filter(one -> one.port() == port)
                        .anyMatch(one ->
                                one.timer().kind() == SocketTimer.Kind.PROBE || (left == 0 && one.sendQueue() == 0));
    }
}
