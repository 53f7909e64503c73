package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.TRANSITIONS;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.Verdict;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two hosts connect to each other at the same time: one connection, four segments, and nobody listens. */
public final class SimultaneousOpen implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String PATH = "SYN_SENT, SYN_RECV, ESTABLISHED";

    private static final Knob<Integer> PORT =
            Knob.integer("port", 4_242, 1_024, 32_000, "the port that each side binds, and the other connects to");

    static final Expectation BOTH =
            deciding(CLIENT, SOCK_DIAG, "both hosts are ESTABLISHED, and neither has a listener");
    static final Expectation FOUR = deciding(CLIENT, SEGMENTS, "two SYNs and two SYN-ACKs arrived, and nothing else");
    static final Expectation PATHS = supporting(
            CLIENT, TRANSITIONS, "the client's socket and the server's went through SYN_RECV, as if they had listened");

    private static final Measure OPENED =
            Measure.sockets(SERVER, ESTABLISHED, Better.HIGHER, "which nobody listened for");
    private static final Measure ARRIVED = Measure.count(
            "server.segments",
            "segments",
            Better.LOWER,
            "segments that arrive at either end until both are ESTABLISHED");

    @Override
    public Story story() {
        return new Story(
                "simultaneous-open",
                "both hosts connect to each other at once: four segments, one connection, no listener",
                """
                connect() sends a SYN. If the other side, too, has just called connect(), with both ports the other
                way round, the SYNs cross. Each host, in SYN_SENT, gets a SYN instead of a SYN-ACK, and answers it with
                a SYN-ACK of its own, in SYN_RECV; each is ESTABLISHED when it has the other's (RFC 9293, section 3.5,
                figure 7; tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c). So an opening can have four segments,
                and TCP needs neither a server nor listen() for it.
                Linux acknowledges the other's SYN-ACK once more; the wire loses those ACKs, to show that they are not needed.

                Hardly anybody meets this by chance, as both ports have to be known beforehand. Programs that get through
                two NATs at a time rely on it (RFC 5128, section 3.4); and a program that connects to a free local port
                long enough may get connected to itself by the same rule.""",
                "the wire holds each SYN until both hosts have sent theirs",
                "the first SYN arrives before the other host has called connect(): nobody listens there, RST",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PORT);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(BOTH, FOUR, PATHS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire().withTransitions();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(OPENED, ARRIVED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.wire().add(Rule.drop("superfluous ACK lost", Match.anyDirection().bareAck()));
        Optional<RuleHandle> held = trial.faulty()
                ? Optional.of(trial.wire()
                        .add(Rule.hold("SYN held", Match.anyDirection().syn())))
                : Optional.empty();
        trial.step("the client connects");
        Socket client = bound(trial.client(), trial.knob(PORT));
        Socket server = bound(trial.server(), trial.knob(PORT));
        client.startConnect(server.local());
        awaitFate(trial, Direction.CLIENT_TO_SERVER);
        trial.step("the server connects to the client's port");
        server.startConnect(client.local());
        awaitFate(trial, Direction.SERVER_TO_CLIENT);
        held.ifPresent(RuleHandle::release);
        client.finishConnect(SOON);
        server.finishConnect(SOON);
        observe(trial, held);
    }

    private record Sent(Direction direction, String name) {}

    private static void observe(Trial trial, Optional<RuleHandle> held) {
        Census client = trial.client().census();
        Census server = trial.server().census();
        List<WireSegment> segments = trial.segments();
        held.ifPresent(rule -> OnTheWire.requireMatched(rule, 2));
        long both = client.count(LISTEN) + server.count(LISTEN) > 0
                ? 0
                : client.count(ESTABLISHED) + server.count(ESTABLISHED);
        trial.measure(OPENED, server.count(ESTABLISHED));
        trial.measure(ARRIVED, (double)
                segments.stream().filter(WireSegment::delivered).count());
        trial.observe(BOTH, equalTo(2), () -> both);
        trial.observe(
                FOUR,
                equalTo("SYN, SYN, SYN-ACK, SYN-ACK"),
                () -> segments.stream()
                        .filter(WireSegment::delivered)
                        // Whatever is held for long is sent again.
                        .map(segment -> new Sent(segment.direction(), OnTheWire.name(segment.segment())))
                        .distinct()
                        .map(Sent::name)
                        .collect(joining(", ")));
        trial.observe(PATHS, equalTo(PATH + " | " + PATH), () -> {
            List<Transition> transitions = trial.transitions();
            return path(transitions, trial.client()) + " | " + path(transitions, trial.server());
        });
    }

    private static Socket bound(Host host, int port) {
        Socket socket = host.socket();
        socket.bind(new InetSocketAddress(host.addresses().getFirst(), port)).orThrow("bind");
        return socket;
    }

    /** Waits until a host's SYN is held, or has been answered. */
    private static void awaitFate(Trial trial, Direction direction) throws InterruptedException {
        trial.wire()
                .await(
                        segment -> segment.direction() == direction
                                ? segment.verdict().kind() == Verdict.Kind.HELD
                                : segment.segment().has(TcpFlag.RST),
                        SOON);
    }

    private static String path(List<Transition> transitions, Host host) {
        return transitions.stream()
                .filter(one -> host.addresses().contains(one.local().getAddress()))
                .map(one -> one.to().label())
                .collect(joining(", "));
    }
}
