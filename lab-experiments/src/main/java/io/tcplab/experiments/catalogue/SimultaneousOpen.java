package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.Trial.Evidence;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.wire.*;
import io.tcplab.kernel.wire.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Two hosts connect to each other at the same time: one connection, four segments, and nobody listens. */
public final class SimultaneousOpen extends AbstractExperiment {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PATH = "SYN_SENT, SYN_RECV, ESTABLISHED";

    public SimultaneousOpen() {
        super("simultaneous-open", """
                connect() sends a SYN. If the other side has just called connect() too, with both ports swapped, the
                SYNs cross. Each host, in SYN_SENT, gets a SYN instead of a SYN-ACK, goes to SYN_RECV and answers with
                its own SYN-ACK; each is ESTABLISHED when it has the other's (RFC 9293, section 3.5, figure 7;
                tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c). So a handshake can have four segments, and TCP
                needs neither a server nor listen() for it. Linux also acknowledges the other's SYN-ACK; the wire drops
                those ACKs to show that they aren't needed.

                It hardly ever happens by chance, because both sides must know the ports in advance. Programs that punch
                through two NATs rely on it (RFC 5128, section 3.4). A program that keeps connecting to a free local
                port may get connected to itself by the same rule (see self-connect).""");
        headline("both hosts connect to each other at the same time: four segments, one connection, no listener");
        fault("the wire holds each SYN until both hosts have sent theirs");
        control("the first SYN arrives before the other host has called connect(): nobody listens there, RST");
        wire();
        transitions();
    }

    final Knob<Integer> PORT =
            integer("port", 4_242, 1_024, 32_000, "the port that each side binds, and the other connects to");

    final Expectation BOTH = deciding(CLIENT, SOCK_DIAG, "both hosts are ESTABLISHED, and neither has a listener");
    final Expectation FOUR = deciding(CLIENT, SEGMENTS, "two SYNs and two SYN-ACKs arrived, and nothing else");
    final Expectation PATHS = supporting(
            CLIENT, TRANSITIONS, "the client's socket and the server's went through SYN_RECV, as if they had listened");

    final Measure OPENED = sockets(SERVER, ESTABLISHED, HIGHER, "without a listener");
    final Measure ARRIVED = count(
            "server.segments", "segments", LOWER, "segments that arrive at either end until both are ESTABLISHED");

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.drop("superfluous ACK lost", Match.anyDirection().bareAck());
        Optional<RuleHandle> held =
                trial.ifFaulty(() -> trial.hold("SYN held", Match.anyDirection().syn()));
        trial.step("the client connects");
        Socket client = Connection.bound(trial.client(), trial.knob(PORT));
        Socket server = Connection.bound(trial.server(), trial.knob(PORT));
        client.startConnect(server.local());
        awaitFate(trial, Direction.CLIENT_TO_SERVER);
        trial.step("the server connects to the client's port");
        server.startConnect(client.local());
        awaitFate(trial, Direction.SERVER_TO_CLIENT);
        held.ifPresent(RuleHandle::release);
        client.finishConnect(PATIENCE);
        server.finishConnect(PATIENCE);

        var clients = trial.client().census();
        var servers = trial.server().census();
        List<WireSegment> arrived =
                trial.segments().stream().filter(WireSegment::delivered).toList();
        held.ifPresent(rule -> OnTheWire.requireMatched(rule, 2));
        boolean listening = clients.count(LISTEN) + servers.count(LISTEN) > 0;
        trial.measure(OPENED, servers.count(ESTABLISHED));
        trial.measure(ARRIVED, arrived.size());
        trial.observe(BOTH, equalTo(2), listening ? 0 : clients.count(ESTABLISHED) + servers.count(ESTABLISHED));
        trial.observe(FOUR, equalTo("SYN, SYN, SYN-ACK, SYN-ACK"), OnTheWire.names(arrived));
        Evidence<String> paths = () -> labels(trial.states(CLIENT)) + " | " + labels(trial.states(SERVER));
        trial.observe(PATHS, equalTo(PATH + " | " + PATH), paths);
    }

    /** Waits until a host's SYN is held, or has been answered. */
    private static void awaitFate(Trial trial, Direction direction) throws InterruptedException {
        Predicate<WireSegment> held = one -> one.verdict().kind() == Verdict.Kind.HELD;
        Predicate<WireSegment> reset = one -> one.segment().has(TcpFlag.RST);
        trial.wire().await(one -> (one.direction() == direction ? held : reset).test(one), PATIENCE);
    }
}
