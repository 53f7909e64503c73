package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

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
import io.tcplab.experiments.cell.Connection;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An old SYN arrives once more: the server answers it, and the client's RST, the third segment, ends it. */
public final class StaleSyn implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Knob<Integer> SYNS = Knob.integer("syns", 5, 1, 100, "old SYNs that arrive once more");

    static final Expectation ANSWERED_BY_RST = deciding(
            CLIENT, SEGMENTS, "each old SYN gets a SYN-ACK, and that gets a RST: the client knows nothing of it");
    static final Expectation NOT_YET =
            deciding(SERVER, SOCK_DIAG, "until the RST arrives the server is in SYN_RECV, and no further");
    static final Expectation NOTHING_TO_ACCEPT =
            deciding(SERVER, ERRNO, "and accept() has nothing (EAGAIN): two segments don't make a connection");
    static final Expectation FORGOTTEN =
            deciding(SERVER, COUNTERS, "each RST ends one in SYN_RECV, and is counted (TcpExtEmbryonicRsts)");
    static final Expectation NOTHING_LEFT = supporting(SERVER, SOCK_DIAG, "then nothing is left in SYN_RECV");

    private static final Measure HALF_OPEN =
            Measure.sockets(SERVER, SYN_RECV, Better.LOWER, "that old SYNs have made, before the RSTs arrive");
    private static final Measure ENDED =
            Measure.count("server.EmbryonicRsts", "connections", Better.NEITHER, "those that a RST ended");

    @Override
    public Story story() {
        return new Story(
                "stale-syn",
                "an old SYN arrives once more: without the third segment it would open a connection that nobody wants",
                """
                The network may deliver a segment late, and twice. A SYN of a connection that is long over looks to a
                listener like any other: its kernel answers by a SYN-ACK and remembers it in SYN_RECV. The host it
                came from has no such connection, and answers the SYN-ACK with a RST; the server forgets it (RFC 9293,
                section 3.5, figure 9). That is what the third segment is for: it tells the server that the SYN was
                meant, and that its own sequence number has arrived. With two segments the server would be connected as
                soon as it has answered, to nobody.

                Here each old SYN is one that the client's kernel really sent, recorded on the wire. The RSTs are held
                back for a while, to look at the server meanwhile. If they were lost, it would send its SYN-ACK again
                (see lost-final-ack). In production: "resets received for embryonic SYN_RECV sockets" in netstat -s. A
                few are normal; many come from scanners, or from clients that give up during the handshake.""",
                "the SYNs come from connections that are over",
                "the SYNs come from connect()",
                List.of("net.ipv4.tcp_synack_retries"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SYNS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(ANSWERED_BY_RST, NOT_YET, NOTHING_TO_ACCEPT, FORGOTTEN, NOTHING_LEFT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(SYNS, 4, 40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(HALF_OPEN, ENDED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(SYNS);
        Socket listener = Connection.listener(trial.server(), n);
        trial.step("%d connections come and go".formatted(n));
        List<Segment> old = synsOfOldConnections(trial, listener);
        long before = trial.server().counters().get("TcpExtEmbryonicRsts");
        int past = trial.segments().size();

        RuleHandle held =
                trial.wire().add(Rule.hold("RST held", Match.toServer().with(TcpFlag.RST)));
        trial.step(trial.faulty() ? "their SYNs arrive once more" : "%d clients connect".formatted(n));
        if (trial.faulty()) {
            old.forEach(syn -> trial.wire().inject(Direction.CLIENT_TO_SERVER, syn));
            held.awaitMatch(n, SOON);
            OnTheWire.requireMatched(held, n);
        } else {
            connect(trial, listener);
        }
        TcpState answered = trial.faulty() ? SYN_RECV : ESTABLISHED;
        Census meanwhile = trial.server().await(census -> census.count(answered) == n, SOON);
        CallResult<Socket> accepted = listener.accept(Duration.ZERO);

        trial.step("the RSTs arrive");
        held.release();
        held.remove();
        Census after = trial.server().await(census -> census.count(SYN_RECV) == 0, SOON);
        long forgotten = trial.server().counters().get("TcpExtEmbryonicRsts") - before;
        List<WireSegment> segments = trial.segments();
        trial.measure(HALF_OPEN, meanwhile.count(SYN_RECV));
        trial.measure(ENDED, (double) forgotten);
        trial.observe(
                ANSWERED_BY_RST,
                equalTo(n),
                () -> exchanges(segments.subList(past, segments.size())).values().stream()
                        .filter("SYN, SYN-ACK, RST"::equals)
                        .count());
        trial.observe(NOT_YET, equalTo(n), () -> (long) meanwhile.count(SYN_RECV));
        trial.observe(NOTHING_TO_ACCEPT, equalTo("EAGAIN"), accepted::name);
        trial.observe(FORGOTTEN, equalTo(n), () -> forgotten);
        trial.observe(NOTHING_LEFT, equalTo(0), () -> (long) after.count(SYN_RECV));
    }

    /** Ended by RST, so that no TIME_WAIT answers for them. */
    private static List<Segment> synsOfOldConnections(Trial trial, Socket listener) throws InterruptedException {
        for (int i = 0; i < trial.knob(SYNS); i++) {
            Connection.open(trial.client(), listener).resetFrom(CLIENT);
        }
        Map<Integer, Segment> byPort = new LinkedHashMap<>();
        OnTheWire.sentBy(Side.CLIENT, trial.segments()).stream()
                .filter(OnTheWire::isSyn)
                .forEach(syn -> byPort.putIfAbsent(syn.sourcePort(), syn));
        return List.copyOf(byPort.values());
    }

    private static void connect(Trial trial, Socket listener) throws InterruptedException {
        for (int i = 0; i < trial.knob(SYNS); i++) {
            Connection.socket(trial.client()).connect(listener.local(), SOON).orThrow("connect");
        }
    }

    /** What went over the wire, by the client's port; once, however often it was sent: the RST is held meanwhile. */
    private static Map<Integer, String> exchanges(List<WireSegment> segments) {
        Map<Integer, Set<String>> byPort = segments.stream()
                .collect(groupingBy(
                        StaleSyn::clientPort,
                        mapping(one -> OnTheWire.name(one.segment()), toCollection(LinkedHashSet::new))));
        return byPort.entrySet().stream().collect(toMap(Map.Entry::getKey, each -> String.join(", ", each.getValue())));
    }

    private static int clientPort(WireSegment one) {
        return one.direction() == Direction.CLIENT_TO_SERVER
                ? one.segment().sourcePort()
                : one.segment().destinationPort();
    }
}
