package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.LocalPorts;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A socket is its own peer. connect() to a local port on which nobody listens may choose that very port as its own: the SYN meets
 * the socket that sent it, which is a simultaneous open (RFC 9293 section 3.5). Reconnect loops get there sooner or later.
 */
final class SelfConnected extends Cause {
    SelfConnected() {
        super("self-connected", "sockets that are connected to themselves");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<SocketRow> sockets = evidence.sockets().stream()
                .filter(socket -> socket.isSelfConnected() && socket.state() != TcpState.TIME_WAIT)
                .toList();
        return sockets.isEmpty() ? List.of() : List.of(finding(evidence, sockets));
    }

    /** It is over, but for TIME_WAIT, which both ends of it leave in one socket. */
    @Override
    public List<String> observe(Evidence evidence) {
        return evidence.sockets().stream()
                .filter(socket -> socket.isSelfConnected() && socket.state() == TcpState.TIME_WAIT)
                .map(socket -> id() + " (certain): " + socket.local()
                        + " was connected to itself and has closed; its TIME_WAIT remains for "
                        + Words.time(Duration.ofMillis(evidence.now(socket).timerMillis()))
                        + ". It happens again if a program connects to a"
                        + " port where nobody listens, and connect() may choose that port (ip_local_reserved_ports)")
                .toList();
    }

    private Finding finding(Evidence evidence, List<SocketRow> sockets) {
        SocketRow one = sockets.getFirst();
        List<String> lines = new ArrayList<>();
        lines.addAll(Words.examples(evidence, sockets));
        Optional<LocalPorts> range = evidence.settings().localPorts();
        boolean chosen = range.map(ports -> ports.contains(one.localPort())).orElse(false);
        range.ifPresent(ports -> lines.add("port " + one.localPort() + (chosen ? " is" : " isn't")
                + " one that connect() chooses from (" + Settings.PORT_RANGE + ": " + ports.words() + ")"));
        if (evidence.isAccepted(one)) {
            lines.add("a program now listens on port " + one.localPort() + ", on another address or with SO_REUSEADDR");
        }
        return new Finding(
                id(),
                Words.count(sockets.size(), "socket") + (sockets.size() == 1 ? " is" : " are")
                        + " connected to " + (sockets.size() == 1 ? "itself" : "themselves") + ", "
                        + one.local() + ": there is no server",
                Words.state(sockets),
                sockets.size(),
                0,
                Certainty.CERTAIN,
                "its own address equals its peer's, and no other socket of this host can have both; it reads what it"
                        + " writes",
                List.of(),
                lines,
                "While it lasts, and for a minute of TIME_WAIT after that, a server can't bind port " + one.localPort()
                        + " there (EADDRINUSE): close this socket. In the program: compare getsockname() with getpeername()"
                        + " after connect(), and pause between attempts. "
                        + (chosen
                                ? "Put the server's port into ip_local_reserved_ports, so that connect() doesn't choose it."
                                : "The port was bound on purpose, or ip_local_port_range was different then."),
                Reproduction.SIMULTANEOUS_OPEN.experiment());
    }
}
