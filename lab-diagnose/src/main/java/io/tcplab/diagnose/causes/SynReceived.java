package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Openings that stop half way: a SYN flood, or ACKs that get lost. */
final class SynReceived implements Cause {
    private static final int MANY_PEERS = 20;
    private static final int LEAST = 3;

    @Override
    public String id() {
        return "syn-ack-unanswered";
    }

    @Override
    public String lookedFor() {
        return "SYN_RECV: a SYN flood, or last ACKs that don't arrive";
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        Set<Integer> full = AcceptQueue.fullPorts(evidence);
        List<SocketRow> sockets = evidence.in(TcpState.SYN_RECV).stream()
                .filter(socket -> socket.retransmits() > 0 && !full.contains(socket.localPort()))
                .toList();
        long cookies = evidence.counted("TcpExtTCPReqQFullDoCookies").orElse(0)
                + evidence.counted("TcpExtTCPReqQFullDrop").orElse(0);
        if (sockets.size() < LEAST
                && (cookies == 0 || evidence.in(TcpState.SYN_RECV).isEmpty())) {
            return List.of();
        }
        long peers = sockets.stream().map(SocketRow::peerAddress).distinct().count();
        boolean flood = peers >= MANY_PEERS || cookies > 0;
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(evidence.in(TcpState.SYN_RECV).size(), "connection") + " in SYN_RECV, " + sockets.size()
                + " of them have sent their SYN-ACK again, to " + Words.count(peers, "address"));
        lines.add("the SYN queue was full " + cookies + " times; " + Settings.SYNCOOKIES + " is "
                + evidence.settings().values().getOrDefault(Settings.SYNCOOKIES, "?"));
        lines.addAll(Words.examples(evidence, sockets));
        return List.of(new Finding(
                flood ? "syn-flood" : id(),
                flood
                        ? "openings that stop half way, from " + Words.count(peers, "address") + ": a SYN flood"
                        : Words.count(sockets.size(), "opening") + " to which no last ACK comes",
                Optional.of(TcpState.SYN_RECV),
                Math.max(sockets.size(), evidence.in(TcpState.SYN_RECV).size()),
                0,
                flood ? Certainty.LIKELY : Certainty.POSSIBLE,
                flood
                        ? "so many addresses that don't answer a SYN-ACK, or a full SYN queue, are no chance; whether it is"
                                + " malice can't be told"
                        : "lost ACKs, a one-way path and TCP_DEFER_ACCEPT on the listener look the same",
                lines,
                flood
                        ? "Keep tcp_syncookies at 1; raise the backlog and somaxconn if these are real clients that come"
                                + " in bursts."
                        : "Look at the path from these peers: asymmetric routes, a firewall that drops their ACKs. If the"
                                + " listener sets TCP_DEFER_ACCEPT they are clients that send nothing.",
                (flood ? Reproduction.SYN_QUEUE_OVERFLOW : Reproduction.LOST_FINAL_ACK).experiment()));
    }
}
