package io.tcplab.experiments.catalogue;

import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.ProgressTimeout;
import io.tcplab.kernel.sockets.*;
import io.tcplab.server.HalfCloseThenSend;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The client stops sending and goes on receiving: read() returning 0 doesn't mean that the peer has gone. */
public final class HalfClose extends AbstractExperiment {
    /** Of the clients, in bytes, which the server echoes. */
    private static final int PAYLOAD = 64;

    public HalfClose() {
        super("half-close", """
                A connection is two streams, and each side ends its own. shutdownOutput() sends a FIN and keeps the
                socket: the server reads EOF and is in CLOSE_WAIT, the client is in FIN_WAIT_2, and the server may keep
                sending as long as it likes (RFC 9293, section 3.6). tcp_fin_timeout doesn't apply, because the client's
                process still holds its socket.

                close() looks the same to the server, including EOF, but the client's socket is gone. The first byte
                that the server then sends is answered with a RST, and everything after it is lost. Reading doesn't tell
                a server which of the two happened; only its next write does. Programs that use half-close: rsh, ssh, nc
                -N, HTTP proxies that tunnel.""");
        headline("after shutdownOutput() the client still receives: EOF doesn't mean that the peer has left");
        fault("the client only ends its output: shutdownOutput()");
        control("the client closes: close()");
        sysctls("net.ipv4.tcp_fin_timeout");
        timeWaitKept();
        descriptors(CONNECTIONS, 2, 20);
        takes(knobs -> knobs.get(SENDING).plusSeconds(1));
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 50, 1, 10_000, "connections that are half-closed");
    final Knob<Integer> BYTES_AFTER_EOF =
            integer("bytes", 65_536, 1_000, 10_000_000, "bytes that the server sends on each after it has read EOF");
    final Knob<Duration> SENDING = seconds("sending", 3, 1, 60, "time over which it sends them");

    final Expectation SERVER_SENDS = deciding(SERVER, SOCK_DIAG, """
            the server is in CLOSE_WAIT and still sends: the peer acknowledges data after its own FIN""");
    final Expectation CLIENT_RECEIVES =
            deciding(CLIENT, SOCK_DIAG, "the client's sockets receive data after their own FIN, in FIN_WAIT_2");
    final Expectation NOTHING_LOST =
            deciding(CLIENT, BYTES, "the client's process reads every byte that the server sent after EOF");
    final Expectation NO_RESET =
            deciding(CLIENT, COUNTERS, "the client's kernel answers none of it with a RST (TcpOutRsts)");
    final Expectation NORMAL_END =
            supporting(CLIENT, SOCK_DIAG, "the server's FIN ends each: the client goes to TIME_WAIT");
    final Expectation SERVER_CLEAN = supporting(SERVER, SOCK_DIAG, "no socket is left on the server");

    final Measure READ =
            count("client.read", "bytes", HIGHER, "what the clients' processes read, before and after EOF");
    final Measure RESETS = count("client.OutRsts", "segments", LOWER, "RSTs that the clients' kernel sends");
    final Measure ENDED = sockets(CLIENT, TIME_WAIT, NEITHER, "when all have ended");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int afterEof = trial.knob(BYTES_AFTER_EOF);
        Duration timeout = trial.knob(SENDING).plus(SOON);
        trial.step("%d clients send, then end their output".formatted(n));
        var client = trial.client();
        var server = trial.server();
        var running = server.serve(new HalfCloseThenSend(afterEof, trial.knob(SENDING)));
        Load load = trial.faulty() ? new io.tcplab.client.HalfClose() : new ShortLived();
        UnaryOperator<LoadPlan> all = plan -> plan.withPayloadBytes(PAYLOAD).withConcurrency(n);
        Duration unlimited = ProgressTimeout.most(timeout); // they end by themselves, however slow
        var clients = client.load(load, running, n, plan -> all.apply(plan).withDrain(unlimited));

        trial.step("the server sends on, after EOF");
        SocketQuery waiting = SocketQuery.ofStates(CLOSE_WAIT).withTcpInfo();
        SocketQuery receiving = SocketQuery.ofStates(FIN_WAIT2).withTcpInfo();
        // Socket by socket, and both hosts at each look: the first may be done before the last begins.
        // More than the echo and the SYN, which counts as one byte (RFC 9293, 3.4). The echo comes after EOF.
        Moved sent = new Moved(n, TcpInfoField.BYTES_ACKED, PAYLOAD + 1);
        Moved received = new Moved(n, TcpInfoField.BYTES_RECEIVED, PAYLOAD);
        Predicate<Census> seen = census -> {
            sent.note(census);
            received.note(client.census(receiving));
            var report = clients.report();
            boolean over = census.isEmpty() && report.completed() + report.failed() + report.givenUp() == n;
            return over || (sent.all() && received.all());
        };
        server.await(waiting, seen, timeout);

        trial.step("the server closes");
        var report = clients.awaitEach(timeout);
        trial.keep("%,d requests".formatted(n), report);
        Census serverLeft = server.awaitOnly(LISTEN);
        long ended = client.count(TIME_WAIT);
        trial.measure(READ, report.bytesReceived());
        trial.measure(RESETS, () -> client.counter("TcpOutRsts"));
        trial.measure(ENDED, ended);
        long bytes = (long) n * (PAYLOAD + afterEof);
        boolean complete = report.bytesReceived() == bytes;
        trial.observe(SERVER_SENDS, equalTo(n), () -> sent.seen(complete));
        trial.observe(CLIENT_RECEIVES, equalTo(n), () -> received.seen(complete));
        trial.observe(NOTHING_LOST, equalTo(bytes), report.bytesReceived());
        trial.observe(NO_RESET, equalTo(0), () -> client.counter("TcpOutRsts"));
        trial.observe(NORMAL_END, equalTo(n), ended);
        trial.observe(SERVER_CLEAN, equalTo(0), serverLeft.besides(LISTEN));
    }
}
