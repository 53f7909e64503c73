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
import static io.tcplab.experiments.Source.SYSCTL;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;

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
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A full SYN queue turns nobody away: the server remembers nothing and lets the client bring it back, in a cookie. */
public final class SynCookies implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A SYN-ACK that is sent again is so after one second. */
    private static final Duration WELL_AFTER_A_SECOND = Duration.ofMillis(2_500);

    /** What the server has sent takes far less. */
    private static final Duration GREETING = Duration.ofSeconds(2);

    private static final int CLIENTS = 3;

    private static final String COOKIES = "net.ipv4.tcp_syncookies";

    private static final Knob<Integer> BACKLOG =
            Knob.integer("backlog", 8, 3, 1_000, "second argument of listen(2); the SYN queue holds one more");

    static final Expectation ON_BY_DEFAULT =
            supporting(SERVER, SYSCTL, "tcp_syncookies of a network namespace in which nobody has set it");
    static final Expectation THROUGH =
            supporting(CLIENT, ERRNO, "the SYN queue is full, and a client's connect() succeeds all the same");
    static final Expectation SENT =
            deciding(SERVER, COUNTERS, "three clients' SYNs were answered by a cookie (TcpExtSyncookiesSent)");
    static final Expectation NO_SOCKET = deciding(
            SERVER, SOCK_DIAG, "a client's last ACK is lost: the server has no socket for it, not even SYN_RECV");
    static final Expectation CLIENT_SURE =
            supporting(CLIENT, SOCK_DIAG, "that client is ESTABLISHED: it believes in a connection that there isn't");
    static final Expectation NEVER_AGAIN =
            deciding(SERVER, SEGMENTS, "the server sends it one SYN-ACK, and not another one after a second");
    static final Expectation WAITS =
            deciding(CLIENT, ERRNO, "where the server speaks first, the client waits in vain: read() has nothing");
    static final Expectation MENDED = supporting(
            SERVER, SOCK_DIAG, "its first data brings the cookie once more, and the server makes the connection of it");
    static final Expectation RECEIVED =
            deciding(SERVER, COUNTERS, "two connections were made of cookies (TcpExtSyncookiesRecv)");
    static final Expectation FAILED =
            deciding(SERVER, COUNTERS, "an ACK that brings no valid cookie is counted (TcpExtSyncookiesFailed)");
    static final Expectation RESET = deciding(
            CLIENT, ERRNO, "where the cookie doesn't count any more, the client's first data is answered by RST");

    private static final Measure CONNECTED = Measure.count(
            "client.connected",
            "connections",
            Better.HIGHER,
            "of three clients, those that connect within two seconds");
    private static final Measure COOKIES_SENT =
            Measure.count("server.SyncookiesSent", "segments", Better.NEITHER, "SYNs that are answered by a cookie");

    @Override
    public Story story() {
        return new Story(
                "syn-cookies",
                "the SYN queue is full: the server answers with cookies, and remembers nothing",
                """
                When a listener has as many half-open connections as it may (see syn-queue-overflow), the kernel doesn't
                turn the next SYN away. It forgets it at once, and puts what it would have to remember into the SYN-ACK's sequence
                number, with a keyed hash and the minute: a cookie (cookie_init_sequence in net/ipv4/syncookies.c). The ACK
                brings it back, and the kernel makes the connection out of nothing (cookie_v4_check). That is the default,
                net.ipv4.tcp_syncookies=1; 2 does it always, 0 never. The kernel logs "possible SYN flooding on port";
                nstat tells SyncookiesSent, SyncookiesRecv and SyncookiesFailed.

                The price: what isn't remembered isn't sent again. If the client's last ACK is lost, or finds the accept queue full,
                the client is ESTABLISHED, and ss on the server shows nothing at all. A client that speaks first hardly
                notices: its data has the cookie, too. One that waits for a greeting (SSH, SMTP, MySQL) waits for ever. After one to
                two minutes the cookie is out of date, and whatever it sends then is answered by RST. (The run switches
                cookies off instead of waiting so long; the kernel then takes the same path.)

                Remedies: a longer backlog, so that bursts don't need cookies; a deadline for the greeting, at the client, or keepalive;
                cookies themselves should stay on.""",
                "the SYN queue is full of SYNs from hosts that don't answer",
                "the SYN queue is empty; the same clients, the same ACKs lost",
                List.of(COOKIES, "net.core.somaxconn", "net.ipv4.tcp_synack_retries"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BACKLOG);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(
                ON_BY_DEFAULT,
                THROUGH,
                SENT,
                NO_SOCKET,
                CLIENT_SURE,
                NEVER_AGAIN,
                WAITS,
                MENDED,
                RECEIVED,
                FAILED,
                RESET);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().withWire();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(40);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return WELL_AFTER_A_SECOND.plusSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(CONNECTED, COOKIES_SENT);
    }

    @Override
    public void measure(Trial trial) throws InterruptedException {
        Socket listener = Connection.listener(trial.server(), trial.knob(BACKLOG));
        SynFlood.nobodyThere(trial);
        SynFlood.send(trial, listener.local(), trial.knob(BACKLOG) + 1);
        trial.server()
                .await(SocketQuery.all().withLocalPort(port(listener)), census -> hasSeenAll(trial, census), SOON);
        trial.step("three clients connect");
        int connected = 0;
        for (int i = 0; i < CLIENTS; i++) {
            boolean through = Connection.bound(trial.client())
                    .connect(listener.local(), GREETING)
                    .ok();
            connected += through ? 1 : 0;
        }
        trial.measure(CONNECTED, connected);
        trial.measure(COOKIES_SENT, (double) trial.server().counters().get("TcpExtSyncookiesSent"));
    }

    /** Whether the server has made up its mind about each SYN of the flood. */
    private static boolean hasSeenAll(Trial trial, Census census) {
        Counters counters = trial.server().counters();
        return census.count(SYN_RECV) + counters.get("TcpExtSyncookiesSent") + counters.get("TcpExtListenDrops")
                > trial.knob(BACKLOG);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        trial.observe(ON_BY_DEFAULT, equalTo("1"), () -> trial.server().sysctl(COOKIES));
        Socket listener = Connection.listener(trial.server(), trial.knob(BACKLOG));
        SynFlood.nobodyThere(trial);
        trial.step("three clients connect, and two of them lose their last ACK");
        fillIfFaulty(trial, listener);
        CallResult<Boolean> through = Connection.bound(trial.client()).connect(listener.local(), SOON);
        requireStillFull(trial);
        listener.accept(SOON).orThrow("accept");
        Socket patient = connectAndLoseAck(trial, listener);
        Socket late = connectAndLoseAck(trial, listener);
        Census none = trial.server().census(endOf(patient));
        long sure = trial.client()
                .census(SocketQuery.ofStates(ESTABLISHED).withLocalPort(port(patient)))
                .sockets()
                .size();
        trial.observe(THROUGH, equalTo(CallResult.OK), through::name);
        trial.observe(NO_SOCKET, equalTo(0), () -> (long) none.sockets().size());
        trial.observe(CLIENT_SURE, equalTo(1), () -> sure);

        trial.step("one waits for the server's greeting");
        greet(trial, listener);
        CallResult<byte[]> greeting = patient.receive(1, GREETING);
        trial.observe(WAITS, equalTo("EAGAIN"), greeting::name);
        trial.observe(NEVER_AGAIN, equalTo(1), () -> synAcks(trial, patient));

        trial.step("the clients speak");
        patient.send(1).orThrow("send");
        Census mended = trial.server().await(endOf(patient), census -> census.count(ESTABLISHED) == 1, SOON);
        forgeAck(trial, listener.local());
        trial.server().setSysctl(COOKIES, "0");
        late.send(1).orThrow("send");
        CallResult<byte[]> end = late.receive(1, SOON);
        Counters counters = trial.server().counters();
        trial.observe(MENDED, equalTo(1), () -> (long) mended.count(ESTABLISHED));
        trial.observe(RESET, equalTo("ECONNRESET"), end::name);
        trial.observe(SENT, equalTo(CLIENTS), () -> counters.get("TcpExtSyncookiesSent"));
        trial.observe(RECEIVED, equalTo(2), () -> counters.get("TcpExtSyncookiesRecv"));
        trial.observe(FAILED, equalTo(1), () -> counters.get("TcpExtSyncookiesFailed"));
    }

    /** Again for each client, for after seven seconds the first ones are forgotten. */
    private static void fillIfFaulty(Trial trial, Socket listener) throws InterruptedException {
        if (trial.faulty()) {
            int room = trial.knob(BACKLOG) + 1;
            SynFlood.send(trial, listener.local(), room);
            trial.server()
                    .await(
                            SocketQuery.ofStates(SYN_RECV),
                            census -> census.sockets().size() == room,
                            SOON);
        }
    }

    /** The flood's SYNs are only ever forgotten: if they are all still there, they were when the client's SYN came. */
    private static void requireStillFull(Trial trial) {
        SocketQuery flood = SocketQuery.ofStates(SYN_RECV).withPeerPort(SynFlood.PORT);
        if (trial.faulty() && trial.server().census(flood).sockets().size() <= trial.knob(BACKLOG)) {
            throw new EvidenceMissing(
                    "the machine was too busy: the flood's SYNs were forgotten before a client's came");
        }
    }

    /** Connects; its first ACK never arrives. */
    private static Socket connectAndLoseAck(Trial trial, Socket listener) throws InterruptedException {
        Socket client = Connection.bound(trial.client());
        Match ack = Match.toServer().bareAck().fromPort(port(client)).first(1);
        RuleHandle lost = trial.wire().add(Rule.drop("ACK lost", ack));
        fillIfFaulty(trial, listener);
        client.connect(listener.local(), SOON).orThrow("connect");
        requireStillFull(trial);
        if (!lost.awaitMatch(1, SOON)) {
            throw new EvidenceMissing("the client's ACK never came onto the wire");
        }
        return client;
    }

    /** The server greets whom it has accepted when SYN-ACKs would long have been sent again. */
    private static void greet(Trial trial, Socket listener) throws InterruptedException {
        SocketQuery all = SocketQuery.ofStates(ESTABLISHED).withLocalPort(port(listener));
        trial.server().await(all, census -> census.sockets().size() == CLIENTS, WELL_AFTER_A_SECOND);
        CallResult<Socket> accepted = listener.accept(Duration.ZERO);
        while (accepted instanceof CallResult.Done<Socket> one) {
            one.value().send(1).orThrow("send");
            accepted = listener.accept(Duration.ZERO);
        }
    }

    /** An ACK as somebody would send it who guesses a cookie. The server answers in any case: by RST. */
    private static void forgeAck(Trial trial, InetSocketAddress listener) throws InterruptedException {
        InetSocketAddress guesser = SynFlood.host(trial.knob(BACKLOG) + 1);
        Segment ack = Segment.from(guesser, listener)
                .sequence(2)
                .acknowledgment(2)
                .flags(TcpFlag.ACK)
                .build();
        trial.wire().inject(Direction.CLIENT_TO_SERVER, ack);
        OnTheWire.require(
                trial.wire(),
                segment -> segment.has(TcpFlag.RST) && segment.destination().equals(guesser),
                "an answer to an ACK that belongs to no connection");
    }

    private static int port(Socket socket) {
        return socket.local().getPort();
    }

    /** The server's end of a client's connection, whatever its state. */
    private static SocketQuery endOf(Socket client) {
        return SocketQuery.all().withPeerPort(port(client));
    }

    private static long synAcks(Trial trial, Socket client) {
        return trial.segments().stream()
                .map(one -> one.segment())
                .filter(segment -> OnTheWire.isSynAck(segment) && segment.destinationPort() == port(client))
                .count();
    }
}
