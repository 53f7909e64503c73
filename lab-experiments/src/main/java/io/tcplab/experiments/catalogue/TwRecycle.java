package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.SYSCTL;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.experiments.EvidenceMissing;
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
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.TcpOption;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** tcp_tw_recycle is gone. What still compares timestamps is TIME_WAIT, and only with its own four numbers. */
public final class TwRecycle implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String RECYCLE = "net.ipv4.tcp_tw_recycle";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";

    /** How far the timestamps of another host behind the same address may be apart, in ms: a few minutes of uptime. */
    private static final Knob<Integer> APART =
            Knob.integer("apart", 200_000, 1, 1_000_000_000, "how much older, or newer, the SYN's timestamp is, in ms");

    static final Expectation ABSENT =
            supporting(SERVER, SYSCTL, "there is no " + RECYCLE + " (gone since Linux 4.12); nobody can set it");
    static final Expectation SAME_TUPLE = deciding(
            SERVER, SEGMENTS, "a SYN with the four numbers of a TIME_WAIT and an older timestamp gets a mere ACK");
    static final Expectation STAYS =
            deciding(SERVER, SOCK_DIAG, "it doesn't open anything: the TIME_WAIT is still there");
    static final Expectation COUNTED =
            supporting(SERVER, COUNTERS, "and is counted as refused by its timestamp (TcpExtPAWSTimewait)");
    static final Expectation OTHER_PORT = supporting(
            SERVER,
            SEGMENTS,
            "from another port of the same address, just as old, it gets a SYN-ACK: NAT does no harm");

    private static final Measure ANSWERED = Measure.count(
            "server.SYN-ACKs",
            "segments",
            Better.HIGHER,
            "SYNs with an older timestamp that open a connection: one from the port in TIME_WAIT, one from another");

    @Override
    public Story story() {
        return new Story(
                "tw-recycle",
                "tcp_tw_recycle is gone; an older timestamp only matters to a TIME_WAIT with the same four numbers",
                """
                With tcp_tw_recycle=1 the kernel kept the last timestamp of each peer's address instead of TIME_WAIT, and
                dropped each SYN from that address with an older one. Behind a NAT many hosts share an address, each with
                a clock of its own: all but the one with the newest were dropped, silently. Lists of sysctls recommend it
                to this day. Linux 4.12 removed it; since 4.10 each connection's timestamps begin anywhere, so that it could
                not have worked any more. `sysctl -p` fails on such a line.

                What is left is TIME_WAIT's own look at a SYN with its very four numbers (tcp_timewait_state_process in
                net/ipv4/tcp_minisocks.c). With a newer timestamp it makes room for the new connection; with an older one
                the SYN counts as an old duplicate and gets an ACK, and the client, which knows nothing of it, answers with RST.
                The wire loses that RST here: it would end the TIME_WAIT. Two hosts behind one NAT meet this only
                if the NAT gives both the same port within a minute.""",
                "the SYN's timestamp is older than the last one of the connection in TIME_WAIT",
                "it is newer",
                List.of(TIMESTAMPS, "net.ipv4.tcp_rfc1337"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(APART);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(ABSENT, SAME_TUPLE, STAYS, COUNTED, OTHER_PORT);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire().withTimeWaitKept().with(SERVER, TIMESTAMPS, "1");
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
        return List.of(ANSWERED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.observe(ABSENT, equalTo("ENOENT"), () -> read(trial.server(), RECYCLE));
        Socket listener = Connection.listener(trial.server(), 8);
        trial.step("a connection ends, and the server keeps its TIME_WAIT");
        Connection connection = Connection.open(trial.client(), listener);
        InetSocketAddress client = connection.client().local();
        connection.closeFrom(SERVER);
        trial.server().await(census -> census.count(TIME_WAIT) == 1, SOON);

        trial.wire().add(Rule.drop("RST lost", Match.toServer().with(TcpFlag.RST)));
        trial.step("SYNs with other timestamps arrive");
        Segment last = last(trial);
        String same = answer(trial, syn(client, last, timestamp(trial, last)));
        Census after = trial.server().census();
        InetSocketAddress neighbour = new InetSocketAddress(client.getAddress(), another(client.getPort()));
        String other = answer(trial, syn(neighbour, last, timestamp(trial, last)));
        trial.measure(ANSWERED, (double)
                Stream.of(same, other).filter("SYN-ACK"::equals).count());
        trial.observe(SAME_TUPLE, equalTo("ACK"), () -> same);
        trial.observe(STAYS, equalTo(1), () -> (long) after.count(TIME_WAIT));
        trial.observe(
                COUNTED, equalTo(1), () -> refusedByTimestamp(trial.server().counters()));
        trial.observe(OTHER_PORT, equalTo("SYN-ACK"), () -> other);
    }

    /** What reading it fails with; its value, if it is there. */
    private static String read(Host host, String sysctl) {
        try {
            return host.sysctl(sysctl);
        } catch (KernelException e) {
            return e.errno().toString();
        }
    }

    /** Kernels before it had a counter of its own have no evidence for this. */
    private static long refusedByTimestamp(Counters counters) {
        if (!counters.has("TcpExtPAWSTimewait")) {
            throw new EvidenceMissing("this kernel has no counter TcpExtPAWSTimewait");
        }
        return counters.get("TcpExtPAWSTimewait");
    }

    /** The client's last segment, by which the server's TIME_WAIT judges what comes. */
    private static Segment last(Trial trial) {
        // Not a RST, with which a client that has closed answers an ACK that comes late: it has no timestamp.
        return OnTheWire.sentBy(Side.CLIENT, trial.segments()).stream()
                .filter(segment -> !segment.has(TcpFlag.RST))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new EvidenceMissing("the client's segments never came onto the wire"));
    }

    private static long timestamp(Trial trial, Segment last) {
        long recent = last.timestamps()
                .orElseThrow(() -> new EvidenceMissing("the connection had no timestamps: is tcp_timestamps 0?"))
                .value();
        int apart = trial.knob(APART);
        return (trial.faulty() ? recent - apart : recent + apart) & 0xffff_ffffL;
    }

    /** From beyond all that the old connection sent, so that only the timestamp can tell against it. */
    private static Segment syn(InetSocketAddress from, Segment last, long timestamp) {
        return Segment.from(from, last.destination())
                .sequence((last.sequence() + 100_000) & 0xffff_ffffL)
                .flags(TcpFlag.SYN)
                .options(new TcpOption.MaximumSegmentSize(1_460), new TcpOption.Timestamps(timestamp, 0))
                .build();
    }

    /** What the server sends in answer to a segment. */
    private static String answer(Trial trial, Segment segment) throws InterruptedException {
        int before = trial.segments().size();
        RuleHandle answer =
                trial.wire().add(Rule.pass("answer", Match.toClient().toPort(segment.sourcePort())));
        trial.wire().inject(Direction.CLIENT_TO_SERVER, segment);
        answer.awaitMatch(1, SOON);
        answer.remove();
        List<WireSegment> since = trial.segments();
        return OnTheWire.sentBy(Side.SERVER, since.subList(before, since.size())).stream()
                .filter(one -> one.destinationPort() == segment.sourcePort())
                .map(OnTheWire::name)
                .findFirst()
                .orElse("nothing");
    }

    private static int another(int port) {
        return port == 65_535 ? port - 1 : port + 1;
    }
}
