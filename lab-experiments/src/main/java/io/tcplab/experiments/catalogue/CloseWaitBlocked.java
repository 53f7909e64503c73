package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.server.Behaviour;
import io.tcplab.server.BlockBeforeClose;
import io.tcplab.server.BlockBeforeClose.At;
import io.tcplab.server.BlockBeforeClose.How;
import io.tcplab.server.BlockBeforeClose.On;
import io.tcplab.server.NeverRead;
import io.tcplab.server.WellBehaved;
import java.time.Duration;
import java.util.List;

/** {@code close()} exists but isn't reached: Recv-Q in CLOSE_WAIT shows whether the server is stuck before or after EOF. */
public final class CloseWaitBlocked extends AbstractExperiment {
    /** A server that reaches its close() does so within this, even on a busy machine. */
    private static final Duration PASSING = Duration.ofSeconds(3);

    /** Longer than any run; the cell's end ends it. */
    private static final Duration BLOCKED = Duration.ofMinutes(10);

    public CloseWaitBlocked() {
        super("close-wait-blocked", """
                CLOSE_WAIT doesn't always mean that somebody forgot close(). The handler may never reach it, because it
                waits for a back end that doesn't answer, or is stuck in a loop. On an event loop, one such handler
                holds up all other connections of that loop.

                The kernel doesn't know why a process is late, but it knows what the process has read. A connection's
                Recv-Q is what arrived minus what was read (rcv_nxt - copied_seq in tcp_diag_get_info), and a FIN takes
                one sequence number, like a byte. So Recv-Q 0 in CLOSE_WAIT means that nothing is unread: look after the
                last read, for a missing close() or a stuck worker. Recv-Q of 1 or more means that nobody reads: look at
                the thread that should, with jstack. Exactly 1 is an idle connection's FIN. (If the FIN is queued
                together with the last data, the read that takes the data takes the FIN too, found_fin_ok in
                tcp_recvmsg_locked(). Then Recv-Q is 0 although no read has returned 0 yet. Here the peers wait in
                between.)""");
        headline("close() exists but isn't reached: Recv-Q shows whether anything is unread");
        fault("the servers get stuck, at the first read or at EOF, or never read");
        control("the servers read to EOF and close");
        descriptors(CONNECTIONS, 6, 50);
        takes(knobs -> PASSING.plusSeconds(1));
        takesToMeasure(2);
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 10, 2, 1_000, "connections to each of the three servers");
    final Knob<Integer> UNREAD = integer("bytes", 100, 1, 10_000, "bytes that each peer sends before its FIN");
    final Knob<Integer> STREAM = integer("stream", 1_000_000, 1, 10_000_000, """
            bytes that each peer tries to send to a server that never reads, for lab compare""");
    final Knob<How> HOW = choice("how", How.IO, "whether a stuck thread waits for I/O or spins (and takes a CPU)");

    final Expectation LOOP_STUCK = deciding(SERVER, SOCK_DIAG, """
            one handler stuck on an event loop: all of the loop's connections stay in CLOSE_WAIT, EOF unread (Recv-Q \
            = bytes + 1 for the FIN)""");
    final Expectation NEVER_READ = deciding(
            SERVER, SOCK_DIAG, "accepted and never read: the same, CLOSE_WAIT with Recv-Q = bytes + 1 for the FIN");
    final Expectation STUCK_AFTER_EOF =
            deciding(SERVER, SOCK_DIAG, "stuck after EOF was read, before close(): CLOSE_WAIT with Recv-Q 0");
    final Expectation HELD = deciding(SERVER, FDS, "the server's process holds a file descriptor for each");
    final Expectation PEERS_WAIT =
            deciding(CLIENT, SOCK_DIAG, "every peer is in FIN_WAIT_2: the kernel acknowledged its FIN anyway");

    final Measure MEMORY = memory(SERVER, "which nobody reads");
    final Measure UNREAD_BYTES =
            count("server.Recv-Q", "bytes", NEITHER, "what has arrived at the server and isn't read");

    /** How much of a stream the server's kernel keeps for a process that never comes to read it. */
    @Override
    public void measure(Trial trial) throws InterruptedException {
        trial.step("peers send to a server that never reads");
        Sending.all(open(trial, new NeverRead()).peers(), trial.knob(STREAM), trial.client());
        trial.measure(MEMORY, () -> trial.server().memory().bytes());
        trial.measure(UNREAD_BYTES, trial.server().census().unread(ESTABLISHED));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        var server = trial.server();
        trial.step("peers connect to three servers");
        ServedPeers onLoop = open(trial, stuck(trial, On.LOOP, At.FIRST_READ));
        ServedPeers neverRead = open(trial, new NeverRead());
        ServedPeers afterEof = open(trial, stuck(trial, On.WORKER, At.EOF));
        Socket first = onLoop.peers().getFirst();
        first.send(1).orThrow("send a request");
        first.receive(1, SOON).orThrow("read its echo"); // The handler echoes, and only then is it stuck.

        trial.step("the peers send, then end their output");
        List.of(onLoop, neverRead, afterEof).forEach(one -> one.sendAndEnd(trial.knob(UNREAD)));
        long unread = trial.knob(UNREAD) + 1L;
        // All queues as they will be if the servers are stuck; of servers that aren't, none is left at last.
        server.await(census -> {
            long asStuck = onLoop.waiting(census, unread) + neverRead.waiting(census, unread);
            return census.none(ESTABLISHED) && census.count(CLOSE_WAIT) == asStuck + afterEof.waiting(census, 0);
        });

        trial.step("the servers have time to close");
        Census stuck = server.await(census -> census.none(CLOSE_WAIT), PASSING);
        Census peers = trial.client().census();
        trial.observe(LOOP_STUCK, equalTo(n), onLoop.waiting(stuck, unread));
        trial.observe(NEVER_READ, equalTo(n), neverRead.waiting(stuck, unread));
        trial.observe(STUCK_AFTER_EOF, equalTo(n), afterEof.waiting(stuck, 0));
        trial.observe(HELD, equalTo(3L * n), () -> server.descriptors(stuck.in(CLOSE_WAIT)));
        trial.observe(PEERS_WAIT, equalTo(3L * n), peers.count(FIN_WAIT2));
    }

    /** One worker is enough: handlers that wait for it are stuck too. */
    private Behaviour stuck(Trial trial, On on, At at) {
        return new BlockBeforeClose(BLOCKED, trial.knob(HOW), on, at, 1);
    }

    private ServedPeers open(Trial trial, Behaviour behaviour) throws InterruptedException {
        return ServedPeers.connect(trial, trial.faulty() ? behaviour : new WellBehaved(), trial.knob(CONNECTIONS));
    }
}
