package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.Trial.Evidence;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.server.NeverClose;
import io.tcplab.server.WellBehaved;
import java.time.Duration;

/** The peers close, the server reads EOF and forgets {@code close()}: CLOSE_WAIT for ever. */
public final class CloseWaitLeak extends AbstractExperiment {
    public CloseWaitLeak() {
        super("close-wait-leak", """
                A peer closes: its FIN arrives, the server's kernel acknowledges it and moves the connection to
                CLOSE_WAIT. Only the server's own close() ends that state, and the kernel waits for it forever. A server
                that reads EOF and does nothing leaks a socket and a file descriptor per connection, until accept()
                fails with EMFILE.

                The two sides differ. No process owns the peer's FIN_WAIT_2 any longer, so the kernel drops it after
                tcp_fin_timeout; then not even the peer knows the connection. No sysctl shortens CLOSE_WAIT: the fix is
                a close() on the path that sees EOF. Recv-Q 0 means that nothing is unread, including the FIN; a server
                that never got that far shows Recv-Q 1 or more.""");
        headline("a server that forgets close() keeps every connection in CLOSE_WAIT");
        fault("the server reads EOF and never closes");
        control("the server closes when it reads EOF");
        set(CLIENT, "net.ipv4.tcp_fin_timeout", FIN_TIMEOUT);
        descriptors(CONNECTIONS, 2, 20);
        takes(knobs -> knobs.get(FIN_TIMEOUT).plusSeconds(2));
    }

    final Knob<Integer> CONNECTIONS =
            integer("connections", orEmulated(500, 100), 1, 100_000, "connections that the peers open, then close");
    final Knob<Duration> FIN_TIMEOUT =
            seconds("fin-timeout", 5, 1, 60, "tcp_fin_timeout of the peers: how long their FIN_WAIT_2 lasts");

    final Expectation STUCK =
            deciding(SERVER, SOCK_DIAG, "every connection is in CLOSE_WAIT, EOF read (Recv-Q 0), owned by a process");
    final Expectation HELD = deciding(SERVER, FDS, "the server's process holds a file descriptor for each");
    final Expectation PEERS_WAIT =
            deciding(CLIENT, SOCK_DIAG, "every peer is in FIN_WAIT_2: its FIN was acknowledged, none came back");
    final Expectation PEERS_LEAVE = deciding(CLIENT, SOCK_DIAG, "the peers' sockets are gone after tcp_fin_timeout");
    final Expectation STILL_STUCK = deciding(
            SERVER, SOCK_DIAG, "CLOSE_WAIT outlives them, except those that a peer ends by RST: there is no timeout");

    final Measure LEAKING = peak(SERVER, CLOSE_WAIT, LOWER);
    final Measure WAITING = peak(CLIENT, FIN_WAIT2, NEITHER);
    final Measure PEERS_LEFT =
            timer("client.FIN_WAIT_2.seconds", NEITHER, "from the peers' close until the last FIN_WAIT_2 is gone");
    final Measure LEAKED = memory(SERVER, "in CLOSE_WAIT");
    final Measure PEERS_KEEP = memory(CLIENT, "in FIN_WAIT_2, closed and without an owner");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        var client = trial.client();
        int finTimeout = client.intSysctl("net.ipv4.tcp_fin_timeout");

        trial.step("%d peers connect".formatted(n));
        var server = trial.server().serve(trial.faulty() ? new NeverClose() : new WellBehaved());
        var peers = client.hold(server, n); // silent: close() with an answer unread would be a RST
        int connected = trial.server().awaitCount(n, ESTABLISHED).count(ESTABLISHED);
        busyUnless(connected == n, "%d of %d peers were connected".formatted(connected, n));

        trial.step("the peers close");
        Start closing = Start.of(() -> {
            peers.release();
            client.awaitNone(ESTABLISHED, FIN_WAIT1);
        });
        var stuck = trial.server().await(census -> census.none(ESTABLISHED) && census.unread(CLOSE_WAIT) == 0);
        long waiting = client.count(FIN_WAIT2); // after the server's: had it closed, they would be past FIN_WAIT_2
        double closedFor = closing.ago();
        trial.observe(STUCK, equalTo(n), stuck.count(CLOSE_WAIT, one -> one.recvQueue() == 0 && one.hasOwner()));
        trial.observe(HELD, equalTo(n), () -> trial.server().descriptors(stuck.in(CLOSE_WAIT)));
        String late = "the peers were counted %.0f s after the first close, and FIN_WAIT_2 ends after %d s"
                .formatted(closedFor, finTimeout);
        trial.observe(PEERS_WAIT, equalTo(n), ifInTime(waiting == n || closedFor < finTimeout, late, waiting));
        trial.measure(LEAKED, () -> trial.server().memory().bytes());
        trial.measure(PEERS_KEEP, () -> client.memory().bytes());

        trial.step("FIN_WAIT_2 expires at the peers");
        Lasted left = Lasted.await(client, SocketQuery.ofStates(FIN_WAIT2), closing, SOON.plusSeconds(2L * finTimeout));
        boolean closedProperly = client.count(TIME_WAIT) > 0; // the control's: by the server's FIN, not by a timeout
        double longest = closing.took() + 1.1 * finTimeout + 1; // the kernel rounds long timers up
        trial.measure(PEERS_LEFT, left.most());
        Evidence<Double> gone = () -> closedProperly ? Double.POSITIVE_INFINITY : left.against(longest);
        trial.observe(PEERS_LEAVE, seconds(0.95 * finTimeout, longest), gone);
        long stillStuck = trial.server().count(CLOSE_WAIT);
        trial.observe(STILL_STUCK, equalTo(n), () -> stillStuck + client.counter("TcpOutRsts"));
    }
}
