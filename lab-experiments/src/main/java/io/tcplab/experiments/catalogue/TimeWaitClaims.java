package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.claims.Claim;
import java.util.List;

/** Claims about TIME_WAIT: what it is for, how long it lasts, and what shortens it. */
final class TimeWaitClaims {
    private static final TimeWaitLostAck LOST_ACK = new TimeWaitLostAck();
    private static final TimeWaitPort PORT = new TimeWaitPort();
    private static final TimeWaitDuration DURATION = new TimeWaitDuration();
    private static final TimeWaitReuse REUSE = new TimeWaitReuse();
    private static final TwRecycle RECYCLE = new TwRecycle();
    private static final PortExhaustion EXHAUSTION = new PortExhaustion();
    private static final FinWait2Timeout FIN_WAIT2 = new FinWait2Timeout();

    private TimeWaitClaims() {}

    static List<Claim> all() {
        return List.of(
                Claim.of(15, "TIME_WAIT exists to acknowledge the FIN again if the last ACK is lost", """
                                The other end stays in LAST_ACK and resends its FIN; without TIME_WAIT a RST would
                                answer it. The second reason is to keep old segments of the connection out of a new one
                                (RFC 9293, section 3.4.1).""")
                        .upheldBy(LOST_ACK, LOST_ACK.FIN_AGAIN, "FINs of the server whose ACKs were lost")
                        .upheldBy(LOST_ACK, LOST_ACK.ACK_AGAIN, "ACKs that TIME_WAIT answered them with"),
                Claim.of(16, "a port in TIME_WAIT can't be used again", """
                                Not with the same four-tuple. The same port to another destination, or for a listener
                                with SO_REUSEADDR, can be used. Servers set that option for this reason.""")
                        .upheldBy(PORT, PORT.SAME_TUPLE, "connect() with the same four-tuple")
                        .upheldBy(PORT, PORT.PLAIN_RESTART, "bind() of a server without SO_REUSEADDR")
                        .contradictedBy(PORT, PORT.OTHER_DESTINATION, "connect() to another address")
                        .contradictedBy(PORT, PORT.RESTART, "server with SO_REUSEADDR"),
                Claim.of(17, "TIME_WAIT lasts two maximum segment lifetimes", """
                                RFC 9293 assumes two minutes for one, four in total. Linux has a constant,
                                TCP_TIMEWAIT_LEN in include/net/tcp.h: 60 seconds, whatever a segment's lifetime is.""")
                        .contradictedBy(DURATION, DURATION.ENDS, "seconds in TIME_WAIT"),
                Claim.of(18, "to shorten TIME_WAIT you have to compile a kernel", """
                                No sysctl sets it. What you can do without a compiler: have fewer of them (keep
                                connections open, let the other side close first), add ports and addresses, use
                                tcp_tw_reuse for outgoing connections.""")
                        .upheldBy(DURATION, DURATION.TIMERS, "seconds, under tcp_fin_timeout 5, 30, 60 and 120")
                        .upheldBy(DURATION, DURATION.APPLIED, "tcp_fin_timeout read back"),
                Claim.of(19, "longer connections, or more servers, help against running out of ports", """
                                The limit is the number of different four-tuples per minute: another destination or
                                source address has all the ports again, and a kept connection needs one port for any
                                number of requests.""")
                        .upheldBy(EXHAUSTION, EXHAUSTION.FIRST_FAILURE, "connects to one destination")
                        .upheldBy(EXHAUSTION, EXHAUSTION.DESTINATION, "to a second one too")
                        .upheldBy(EXHAUSTION, EXHAUSTION.KEEP_ALIVE, "requests over one connection"),
                Claim.of(23, "tcp_tw_reuse is 0 by default", """
                                Since Linux 4.19 it is 2: only for loopback. So a benchmark on 127.0.0.1 never runs out of ports, but production does.""")
                        .contradictedBy(REUSE, REUSE.DEFAULT, "tcp_tw_reuse of a host where nobody has set it"),
                Claim.of(24, "tcp_tw_reuse=1 frees a server from TIME_WAIT", """
                                It only affects connect(). A new SYN from the same client takes over a server's
                                TIME_WAIT anyway if it is newer, whatever the sysctl says; otherwise TIME_WAIT stays.""")
                        .contradictedBy(REUSE, REUSE.SERVER_GAINS_NOTHING, "TCPs recycled at the server (TWRecycled)")
                        .contradictedBy(REUSE, REUSE.NO_TIMESTAMPS, "at the client, without timestamps"),
                Claim.of(25, "tcp_tw_recycle=1 gets rid of TIME_WAIT fast", """
                                Linux 4.12 removed it. If a file of sysctls has it, `sysctl -p` fails on that line.""")
                        .supersededBy(RECYCLE, RECYCLE.ABSENT, "reading net.ipv4.tcp_tw_recycle")
                        .contradictedBy(RECYCLE, RECYCLE.LASTS, "TIME_WAIT's timer after setting it, if it exists, s"),
                Claim.of(26, "tcp_fin_timeout sets how long TIME_WAIT lasts", """
                                It sets how long FIN_WAIT_2 lasts after the process has closed the socket. TIME_WAIT has
                                its own constant. Above 60 s, FIN_WAIT_2 has two parts of tcp_fin_timeout - 60 s each:
                                61 s ends after 2.""")
                        .contradictedBy(
                                DURATION, DURATION.TIMERS, "TIME_WAIT under tcp_fin_timeout 5, 30, 60 and 120, s")
                        .contradictedBy(FIN_WAIT2, FIN_WAIT2.TIMERS, "FIN_WAIT_2 under other values, s"),
                Claim.of(28, "with tcp_tw_reuse a connection takes another port than the one in TIME_WAIT", """
                                It takes that very port, and the TIME_WAIT is gone: timestamps distinguish old segments
                                from new ones. So the number of ports is still the limit, but only for connections in
                                use.""")
                        .contradictedBy(REUSE, REUSE.TAKEN_OVER, "TIME_WAIT left after as many connects")
                        .contradictedBy(REUSE, REUSE.RECYCLED, "taken over (TWRecycled)"),
                Claim.of(
                                29,
                                "tcp_tw_recycle compares the timestamps of a peer's address, and so drops clients behind a NAT",
                                """
                                It did up to Linux 4.11. Now only a TIME_WAIT checks a SYN with its own four-tuple: an
                                older timestamp only gets an ACK. From any other port of the same address a SYN is
                                accepted, whatever its timestamp.""")
                        .supersededBy(RECYCLE, RECYCLE.ABSENT, "reading net.ipv4.tcp_tw_recycle")
                        .upheldBy(RECYCLE, RECYCLE.SAME_TUPLE, "older SYN with a TIME_WAIT's four-tuple gets")
                        .contradictedBy(RECYCLE, RECYCLE.OTHER_PORT, "from another port of that address it gets"));
    }
}
