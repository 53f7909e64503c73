package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.ERRNO;
import static io.tcplab.experiments.Source.SEGMENTS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;

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
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import java.time.Duration;
import java.util.List;

/** The accept queue fills between a client's SYN and its ACK: tcp_abort_on_overflow decides what the client is told. */
public final class AbortOnOverflow implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The SYN-ACK comes again after 1, 2, 4, 8 and 16 s: who is slow to make room waits for one of the later ones. */
    private static final Duration UNTIL_NEXT_SYN_ACK = Duration.ofSeconds(20);

    private static final String ABORT = "net.ipv4.tcp_abort_on_overflow";

    private static final Knob<Integer> BACKLOG =
            Knob.integer("backlog", 2, 1, 100, "second argument of listen(2); the accept queue holds one more");

    static final Expectation NOT_CONNECTED = deciding(
            SERVER, SOCK_DIAG, "tcp_abort_on_overflow=0: the ACK finds the accept queue full; it remains SYN_RECV");
    static final Expectation CLIENT_SURE =
            supporting(CLIENT, SOCK_DIAG, "the client is ESTABLISHED, and isn't told anything");
    static final Expectation SYN_ACK_AGAIN =
            deciding(SERVER, SEGMENTS, "the server sends it the SYN-ACK again, as if the ACK had been lost");
    static final Expectation MENDED = supporting(
            SERVER, SOCK_DIAG, "once there is room, the answer to the next SYN-ACK completes the connection");
    static final Expectation RESET = deciding(
            CLIENT, ERRNO, "tcp_abort_on_overflow=1: the client, connected by its own account, gets ECONNRESET");
    static final Expectation FORGOTTEN = deciding(SERVER, SOCK_DIAG, "and the server has forgotten the connection");
    static final Expectation SYN_DROPPED =
            deciding(CLIENT, SOCK_DIAG, "a SYN that finds the queue full is dropped, nevertheless: SYN_SENT, no RST");
    static final Expectation OVERFLOWS =
            deciding(SERVER, COUNTERS, "each ACK and each SYN that found it full is counted (TcpExtListenOverflows)");

    private static final Measure CLIENT_RESET = Measure.count(
            "client.ECONNRESET",
            "connections",
            Better.NEITHER,
            "of one client whose ACK finds the queue full: told by RST");
    private static final Measure HALF_OPEN = Measure.count(
            "server.SYN_RECV", "connections", Better.NEITHER, "of that one: half-open still, after a second or more");
    private static final Measure SENT_AGAIN = Measure.count(
            "server.SYN-ACK.again", "segments", Better.NEITHER, "SYN-ACKs to it that came again in that time");

    @Override
    public Story story() {
        return new Story(
                "abort-on-overflow",
                "the accept queue fills between SYN and ACK: silence, or RST with tcp_abort_on_overflow",
                """
                A SYN that finds the accept queue full is dropped (see backlog-overflow). But the queue may have had room for
                the SYN, and none when the ACK comes: others were faster. The client is ESTABLISHED by then; its
                connect() has returned. By default the server's kernel ignores the ACK, remains in SYN_RECV, and sends the
                SYN-ACK again after a second, in the hope that there will be room (tcp_check_req in net/ipv4/tcp_minisocks.c).
                What the client sends meanwhile is dropped, too. On the client ss shows ESTAB with a Send-Q that doesn't shrink, on the
                server SYN-RECV, or nothing: requests take seconds, and no error tells why.

                With net.ipv4.tcp_abort_on_overflow=1 the server answers such an ACK by RST, and the client gets
                ECONNRESET at its first read or write. That is all it does. It doesn't answer SYNs that come when the queue is full:
                those are dropped in either case, and their clients see a slow connect(), not a refused one.

                nstat tells ListenOverflows in all cases. The remedy is a process that accepts faster, or a backlog
                (and net.core.somaxconn) that holds a burst; RST only helps where clients can go elsewhere at once.""",
                "nobody accepts: the queue fills while the client's ACK is on its way",
                "the server accepts; the same ACK comes as late, and finds room",
                List.of(ABORT, "net.core.somaxconn", "net.ipv4.tcp_synack_retries"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BACKLOG);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(NOT_CONNECTED, CLIENT_SURE, SYN_ACK_AGAIN, MENDED, RESET, FORGOTTEN, SYN_DROPPED, OVERFLOWS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(BACKLOG, 4, 40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(5);
    }

    @Override
    public List<Measure> measures() {
        return List.of(CLIENT_RESET, HALF_OPEN, SENT_AGAIN);
    }

    @Override
    public Duration aboutToMeasure(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), trial.knob(BACKLOG));
        Socket client = Connection.bound(trial.client());
        overtaken(trial, client, listener);
        RuleHandle again = trial.wire()
                .add(Rule.pass("SYN-ACK again", Match.toClient().synAck().toPort(port(client))));
        // Whichever comes first: the RST at once, or the SYN-ACK after a second.
        Census server =
                trial.server().await(endOf(client), census -> census.sockets().isEmpty() || again.matched() > 0, SOON);
        CallResult<byte[]> end = client.receive(1, server.sockets().isEmpty() ? SOON : Duration.ZERO);
        trial.measure(CLIENT_RESET, end.name().equals("ECONNRESET") ? 1 : 0);
        trial.measure(HALF_OPEN, server.count(SYN_RECV));
        trial.measure(SENT_AGAIN, (double) again.matched());
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        ignored(trial);
        aborted(trial);
        // At least, for an ACK that is sent again is counted again.
        trial.observe(OVERFLOWS, atLeast(3), () -> trial.server().counters().get("TcpExtListenOverflows"));
    }

    private static void ignored(Trial trial) throws InterruptedException {
        trial.server().setSysctl(ABORT, "0");
        Socket listener = Connection.listener(trial.server(), trial.knob(BACKLOG));
        Socket client = Connection.bound(trial.client());
        overtaken(trial, client, listener);
        // Not before, for on a slow machine the SYN-ACK comes again while the ACK is on its way.
        RuleHandle again = trial.wire()
                .add(Rule.pass("SYN-ACK again", Match.toClient().synAck().toPort(port(client))));
        trial.server().await(endOf(client), census -> census.count(ESTABLISHED) == 1 || again.matched() > 0, SOON);
        Census server = trial.server().census(endOf(client));
        long sure = trial.client()
                .census(SocketQuery.ofStates(ESTABLISHED).withLocalPort(port(client)))
                .sockets()
                .size();
        trial.observe(NOT_CONNECTED, equalTo(1), () -> (long) server.count(SYN_RECV));
        trial.observe(CLIENT_SURE, equalTo(1), () -> sure);
        trial.observe(SYN_ACK_AGAIN, atLeast(1), again::matched);

        trial.step("the server accepts one");
        listener.accept(Duration.ZERO);
        Census mended =
                trial.server().await(endOf(client), census -> census.count(ESTABLISHED) == 1, UNTIL_NEXT_SYN_ACK);
        trial.observe(MENDED, equalTo(1), () -> (long) mended.count(ESTABLISHED));
    }

    private static void aborted(Trial trial) throws InterruptedException {
        trial.server().setSysctl(ABORT, "1");
        Socket listener = Connection.listener(trial.server(), trial.knob(BACKLOG));
        Socket client = Connection.bound(trial.client());
        overtaken(trial, client, listener);
        CallResult<byte[]> end = client.receive(1, SOON);
        Census server = trial.server().await(endOf(client), census -> census.count(SYN_RECV) == 0, SOON);
        trial.observe(RESET, equalTo("ECONNRESET"), end::name);
        trial.observe(FORGOTTEN, equalTo(0), () -> (long) server.sockets().size());

        trial.step("one more client knocks at the full queue");
        Socket late = Connection.bound(trial.client());
        late.startConnect(listener.local());
        // It is settled once the SYN is sent again, or isn't needed any more.
        Census knocking = trial.client()
                .await(
                        SocketQuery.ofStates(SYN_SENT).withLocalPort(port(late)),
                        census -> census.sockets().stream()
                                .allMatch(socket -> socket.timer().retransmits() > 0),
                        SOON);
        trial.observe(SYN_DROPPED, equalTo(1), () -> (long) knocking.sockets().size());
    }

    /** The client connects; its ACK arrives when others have filled the queue, unless the server accepts them and greets the client. */
    private static void overtaken(Trial trial, Socket client, Socket listener) throws InterruptedException {
        trial.step("a client connects, and its ACK is late");
        RuleHandle late = trial.wire()
                .add(Rule.hold("ACK late", Match.toServer().bareAck().fromPort(port(client))));
        client.connect(listener.local(), SOON).orThrow("connect");
        if (!late.awaitMatch(1, SOON)) {
            throw new EvidenceMissing("the client's ACK never came onto the wire");
        }
        for (int other = 0; other <= trial.knob(BACKLOG); other++) {
            Connection.socket(trial.client()).connect(listener.local(), SOON).orThrow("connect");
            if (!trial.faulty()) {
                listener.accept(SOON).orThrow("accept");
            }
        }
        trial.server()
                .await(
                        SocketQuery.ofStates(ESTABLISHED).withLocalPort(port(listener)),
                        census -> census.sockets().size() == trial.knob(BACKLOG) + 1,
                        SOON);
        late.release();
        if (!trial.faulty()) {
            listener.accept(SOON).orThrow("accept").send(1).orThrow("send");
        }
    }

    private static int port(Socket socket) {
        return socket.local().getPort();
    }

    /** The server's end of a client's connection, whatever its state. */
    private static SocketQuery endOf(Socket client) {
        return SocketQuery.all().withPeerPort(port(client));
    }
}
