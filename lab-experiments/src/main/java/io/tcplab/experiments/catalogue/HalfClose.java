package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.BYTES;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.TIME_WAIT;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.HalfCloseThenSend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The client stops sending and goes on receiving: read() returning 0 doesn't mean that the peer has gone. */
public final class HalfClose implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int PAYLOAD = 64;

    private static final SocketQuery CLOSE_WAITING =
            SocketQuery.ofStates(CLOSE_WAIT).withTcpInfo();
    private static final SocketQuery FIN_WAIT_2 =
            SocketQuery.ofStates(FIN_WAIT2).withTcpInfo();

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 50, 1, 10_000, "connections that are half-closed");
    private static final Knob<Integer> BYTES_AFTER_EOF = Knob.integer(
            "bytes", 65_536, 1_000, 10_000_000, "bytes that the server sends on each after it has read EOF");
    private static final Knob<Duration> SENDING = Knob.seconds("sending", 3, 1, 60, "time over which it sends them");

    static final Expectation SERVER_SENDS = deciding(
            SERVER,
            SOCK_DIAG,
            "the server is in CLOSE_WAIT and still sends: the peer acknowledges data after its own FIN");
    static final Expectation CLIENT_RECEIVES =
            deciding(CLIENT, SOCK_DIAG, "the client's sockets receive data after their own FIN, in FIN_WAIT_2");
    static final Expectation NOTHING_LOST =
            deciding(CLIENT, BYTES, "the client's process reads every byte that the server sent after EOF");
    static final Expectation NO_RESET =
            deciding(CLIENT, COUNTERS, "the client's kernel answers none of it with a RST (TcpOutRsts)");
    static final Expectation NORMAL_END =
            supporting(CLIENT, SOCK_DIAG, "the server's FIN ends each: the client goes to TIME_WAIT");
    static final Expectation SERVER_CLEAN = supporting(SERVER, SOCK_DIAG, "nothing is left on the server");

    @Override
    public Story story() {
        return new Story(
                "half-close",
                "after shutdownOutput() the client still receives: EOF isn't goodbye",
                """
                A connection is two streams, and each side ends its own. shutdownOutput() sends a FIN and keeps the socket: the
                server reads EOF and is in CLOSE_WAIT, the client is in FIN_WAIT_2, and the server may go on sending for as long
                as it likes (RFC 9293, section 3.6). tcp_fin_timeout doesn't apply, since the client's process still
                holds its socket.

                close() looks the same to the server, EOF and all, but the client's socket is gone. The first byte that the
                server sends then is answered with a RST, and everything after it is lost. A server can't tell the two apart
                by reading; only its next write can. Programs that use half-close: rsh, ssh, nc -N, HTTP proxies that tunnel.""",
                "the client ends its output only: shutdownOutput()",
                "the client closes: close()",
                List.of("net.ipv4.tcp_fin_timeout"));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, BYTES_AFTER_EOF, SENDING);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(SERVER_SENDS, CLIENT_RECEIVES, NOTHING_LOST, NO_RESET, NORMAL_END, SERVER_CLEAN);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 2, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return knobs.get(SENDING).plusSeconds(1);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int afterEof = trial.knob(BYTES_AFTER_EOF);
        Duration sending = trial.knob(SENDING);

        trial.step("%d clients send, then end their output".formatted(n));
        RunningServer server = trial.server().serve(new HalfCloseThenSend(afterEof, sending));
        LoadPlan plan = trial.client()
                .plan(trial.faulty() ? new io.tcplab.client.HalfClose() : new ShortLived(), server)
                .withPayloadBytes(PAYLOAD)
                .withConcurrency(n)
                .withStop(new Stop.AfterCount(n))
                .withDrain(sending.plus(SOON));
        RunningLoad clients = trial.client().load(plan);

        trial.step("the server sends on, after EOF");
        Census earlier = trial.client().await(FIN_WAIT_2, census -> census.count(FIN_WAIT2) == n, sending);
        Map<Long, Long> before = bytesReceived(earlier);
        Census later = trial.client().await(FIN_WAIT_2, census -> growing(before, census) == n, sending);
        Census sendingOn = trial.server().await(CLOSE_WAITING, census -> sentAfterEof(census) == n, sending);
        trial.observe(SERVER_SENDS, equalTo(n), () -> sentAfterEof(sendingOn));
        trial.observe(CLIENT_RECEIVES, equalTo(n), () -> growing(before, later));

        trial.step("the server closes");
        LoadReport report = clients.awaitEnd(sending.plus(SOON));
        Census serverLeft = trial.server()
                .await(census -> census.count(LISTEN) == census.sockets().size(), SOON);
        trial.observe(NOTHING_LOST, equalTo((long) n * (PAYLOAD + afterEof)), report::bytesReceived);
        trial.observe(NO_RESET, equalTo(0), () -> trial.client().counters().get("TcpOutRsts"));
        trial.observe(
                NORMAL_END, equalTo(n), () -> (long) trial.client().census().count(TIME_WAIT));
        trial.observe(
                SERVER_CLEAN, equalTo(0), () -> (long) serverLeft.sockets().size() - serverLeft.count(LISTEN));
    }

    /** Sockets in CLOSE_WAIT whose peer has acknowledged more than the echo; the SYN counts as one byte (RFC 9293, 3.4). */
    private static long sentAfterEof(Census census) {
        return census.in(CLOSE_WAIT).stream()
                .filter(socket -> socket.info().orElseThrow().require(TcpInfoField.BYTES_ACKED) > PAYLOAD + 1)
                .count();
    }

    /**
     * By socket, as the kernel counts them (tcpi_bytes_received). Whose process has closed is a minisocket, without
     * tcp_info, and receives nothing.
     */
    private static Map<Long, Long> bytesReceived(Census census) {
        return census.sockets().stream()
                .filter(socket -> socket.info().isPresent())
                .collect(Collectors.toMap(
                        TcpSocket::cookie, socket -> socket.info().orElseThrow().require(TcpInfoField.BYTES_RECEIVED)));
    }

    private static long growing(Map<Long, Long> before, Census census) {
        return bytesReceived(census).entrySet().stream()
                .filter(now -> before.containsKey(now.getKey()) && now.getValue() > before.get(now.getKey()))
                .count();
    }
}
