package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Nobody listens on the port that was asked for, and something that is no server's holds it. */
final class PortTaken extends Cause {
    PortTaken() {
        super("port-taken", "a port where nobody listens, held by something other than its server");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        if (evidence.port().isEmpty() || isServed(evidence)) {
            return List.of();
        }
        int port = evidence.port().getAsInt();
        List<SocketRow> holders = new ArrayList<>(evidence.bound());
        evidence.sockets().stream()
                .filter(socket -> socket.localPort() == port
                        && socket.state() != TcpState.TIME_WAIT
                        && !socket.isSelfConnected()
                        && !isLeftOver(evidence, socket))
                .forEach(holders::add);
        return holders.isEmpty() ? List.of() : List.of(finding(evidence, port, holders));
    }

    @Override
    public List<String> observe(Evidence evidence) {
        if (evidence.port().isEmpty()) {
            return List.of();
        }
        int port = evidence.port().getAsInt();
        if (isServed(evidence)) {
            return besides(evidence, port);
        }
        List<SocketRow> left = evidence.sockets().stream()
                .filter(socket -> socket.localPort() == port
                        && (socket.state() == TcpState.TIME_WAIT || isLeftOver(evidence, socket)))
                .toList();
        if (left.isEmpty()) {
            return List.of();
        }
        Duration longest = left.stream()
                .filter(socket -> socket.state() == TcpState.TIME_WAIT)
                .map(socket -> Duration.ofMillis(evidence.now(socket).timerMillis()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return List.of("nobody listens on port " + port + "; "
                + Words.grouped(left, socket -> "in " + socket.state().label())
                + (left.size() == 1 ? " is" : " are") + " left on it. Until "
                + (left.size() == 1 ? "it is" : "they are") + " gone"
                + (longest.isZero() ? "" : ", TIME_WAIT in " + Words.time(longest) + " at most")
                + ", bind() fails with EADDRINUSE, unless the new listener sets SO_REUSEADDR and these"
                + " sockets had it too");
    }

    /** Where the listener is on another address, a client's connection keeps the port of its own. */
    private static List<String> besides(Evidence evidence, int port) {
        List<SocketRow> clients = evidence.sockets().stream()
                .filter(socket -> socket.localPort() == port
                        && socket.state() != TcpState.LISTEN
                        && evidence.knowsOpener(socket)
                        && !evidence.isAccepted(socket)
                        && !evidence.membership().isListenedAt(socket.localAddress(), port))
                .toList();
        return clients.isEmpty()
                ? List.of()
                : List.of("nobody listens on port " + port + " of "
                        + clients.getFirst().localAddress().getHostAddress() + ", which "
                        + Words.count(clients.size(), "connection") + " opened here uses, "
                        + Words.grouped(clients, socket -> "to " + socket.peer())
                        + Words.holders(evidence, clients.getFirst())
                        + ": a server that binds this address, or all addresses, gets EADDRINUSE");
    }

    private static List<Rival> rivals(boolean known) {
        Rival unwanted = new Rival(
                "a port that no server wants", "the server's log: does it say EADDRINUSE (address already in use)?");
        return known
                ? List.of(unwanted)
                : List.of(
                        unwanted,
                        new Rival(
                                "a socket left by a server that has ended, on a port that connect() could also have"
                                        + " chosen",
                                "has a server listened there recently?"));
    }

    private Finding finding(Evidence evidence, int port, List<SocketRow> holders) {
        SocketRow one = holders.getFirst();
        boolean idle = one.state() == TcpState.CLOSE;
        boolean known = idle || evidence.knowsOpener(one);
        Optional<LocalPorts> range = evidence.settings().localPorts();
        boolean chosen = range.map(ports -> ports.contains(port)).orElse(false);
        List<String> lines = new ArrayList<>();
        lines.addAll(Words.examples(evidence, holders));
        if (!one.isHeld()) {
            lines.add("no process has a descriptor of it any longer; the kernel ends it by itself");
        }
        range.ifPresent(ports -> lines.add("port " + port + (chosen ? " is" : " isn't")
                + " one that connect() chooses from (" + Settings.PORT_RANGE + ": " + ports.words() + ")"));
        return new Finding(
                id(),
                "nobody listens on port " + port + ", and "
                        + (idle
                                ? "a socket that is only bound holds it"
                                : (known ? "a connection that was opened here" : "the rest of a connection")
                                        + " holds it, to " + one.peer())
                        + ": a server can't bind it (EADDRINUSE)",
                Optional.of(one.state()),
                holders.size(),
                0,
                known ? Certainty.LIKELY : Certainty.POSSIBLE,
                "the kernel lists what holds the port" + (known ? "" : "; the kernel no longer records who opened it"),
                rivals(known),
                lines,
                "SO_REUSEADDR on the server isn't enough, because the socket that holds the port would need it too. "
                        + (idle
                                ? "Look at this program: it called bind() but not listen(), or listen() failed."
                                : chosen
                                        ? "Put the port into ip_local_reserved_ports, or choose one outside of"
                                                + " ip_local_port_range; closing this connection frees it, after TIME_WAIT."
                                        : "This client binds its own port: let the kernel choose it, or choose another."),
                "");
    }

    private static boolean isServed(Evidence evidence) {
        int port = evidence.port().orElse(0);
        return evidence.inNamespace(TcpState.LISTEN).stream().anyMatch(socket -> socket.localPort() == port);
    }

    /** Accepted by a listener that is gone. */
    private static boolean isLeftOver(Evidence evidence, SocketRow socket) {
        return evidence.isAccepted(socket);
    }
}
