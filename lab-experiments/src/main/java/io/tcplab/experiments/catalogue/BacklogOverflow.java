package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.experiments.cell.*;
import io.tcplab.server.Behaviour;
import io.tcplab.server.StopAccepting;
import io.tcplab.server.WellBehaved;
import java.time.Duration;

/** Nobody accepts: the kernel fills the accept queue on its own, then drops SYNs, and clients retransmit them. */
public final class BacklogOverflow extends AbstractExperiment {
    public BacklogOverflow() {
        super("backlog-overflow", """
                The kernel completes the handshake without the process: a client is connected as soon as its connection
                is in the listener's accept queue, whether anybody calls accept() or not. The queue holds one more than
                min(backlog, net.core.somaxconn), because the kernel compares with > (sk_acceptq_is_full). After that
                the kernel silently drops and counts every SYN.

                Clients that come too late get no answer. They retransmit: with tcp_syn_linear_timeouts (Linux 6.5 and
                later, 4 by default) at 1, 2, 3, 4 and 5 seconds, then at doubling intervals; before that at 1, 3, 7, 15
                seconds. That is where connect times of almost exactly 1 or 3 seconds come from. The fix is a process
                that accepts faster; a longer queue only hides bursts.""");
        headline("nobody accepts: the accept queue fills, SYNs are dropped, clients retransmit");
        fault("the server never calls accept()");
        control("the server accepts");
        sysctls(
                "net.core.somaxconn",
                "net.ipv4.tcp_abort_on_overflow",
                "net.ipv4.tcp_syn_retries",
                "net.ipv4.tcp_syn_linear_timeouts");
        descriptors(BACKLOG, 2, knobs -> 20 + 2 * (knobs.get(EXTRA) + knobs.get(CLIENTS)));
        takes(knobs -> Duration.ofSeconds(knobs.get(RETRANSMISSIONS) + 3L));
        takesToMeasure(1);
    }

    final Knob<Integer> BACKLOG = integer("backlog", 16, 0, 10_000, "second argument of listen(2)");
    final Knob<Integer> EXTRA = integer("extra", 8, 1, 1_000, "clients that connect once the accept queue is full");
    final Knob<Integer> RETRANSMISSIONS = integer("retransmissions", 3, 1, 5, "SYN retransmissions to wait for");
    final Knob<Integer> CLIENTS =
            integer("clients", 200, 1, 10_000, "clients that connect where settings are compared");

    final Expectation QUEUE_FULL =
            deciding(SERVER, SOCK_DIAG, "the accept queue holds min(backlog, somaxconn) + 1 (the listener's Recv-Q)");
    final Expectation NOT_ACCEPTED =
            deciding(SERVER, SOCK_DIAG, "they are ESTABLISHED before any accept(): no process owns them (inode 0)");
    final Expectation OVERFLOWS =
            deciding(SERVER, COUNTERS, "each further SYN is dropped and counted (TcpExtListenOverflows)");
    final Expectation DROPS = deciding(SERVER, COUNTERS, "ListenDrops counts the same (TcpExtListenDrops)");
    final Expectation SYN_UNANSWERED = deciding(CLIENT, SOCK_DIAG, "the clients that came later are in SYN_SENT");
    final Expectation TIMETABLE =
            deciding(CLIENT, SOCK_DIAG, "they retransmit their SYN on the kernel's schedule, in seconds");

    final Measure QUEUE = count(
            "server.accept-queue", "connections", HIGHER, "connections that wait to be accepted, once it is full");
    final Measure UNANSWERED = count("client.SYN_SENT", "connections", LOWER, "clients whose SYN isn't answered");
    final Measure DROPPED = count("server.ListenDrops", "segments", LOWER, "SYNs that were dropped");
    final Measure MEMORY = memory(SERVER, "as they wait for accept()");

    @Override
    public void measure(Trial trial) throws InterruptedException {
        int clients = trial.knob(CLIENTS);
        RunningServer server = serve(trial, new StopAccepting());
        trial.step("%d clients knock".formatted(clients));
        trial.client().hold(server, clients);
        var host = trial.server();
        var settled = host.await(census -> census.acceptQueue() + host.counter("TcpExtListenDrops") >= clients);
        trial.measure(DROPPED, host.counter("TcpExtListenDrops")); // before any of them is sent again, after a second
        trial.measure(QUEUE, settled.acceptQueue());
        trial.measure(UNANSWERED, trial.client().census().count(SYN_SENT));
        trial.measure(MEMORY, () -> host.memory().bytes());
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int room = Math.min(trial.knob(BACKLOG), trial.server().intSysctl("net.core.somaxconn")) + 1;
        int extra = trial.knob(EXTRA);
        RunningServer server = serve(trial, trial.faulty() ? new StopAccepting() : new WellBehaved());

        trial.step("%d clients fill the accept queue".formatted(room));
        trial.client().hold(server, room);
        trial.server().awaitCount(room, ESTABLISHED);
        // A server that accepts gets time before the queue counts as full: a busy one may be about to.
        var full = trial.server().await(census -> census.acceptQueue() == 0, Duration.ofSeconds(2));
        trial.observe(QUEUE_FULL, equalTo(room), full.acceptQueue());
        trial.observe(NOT_ACCEPTED, equalTo(room), full.count(ESTABLISHED, one -> !one.hasOwner()));

        trial.step("%d more clients knock".formatted(extra));
        trial.client().hold(server, extra);
        var late = trial.client().await(census -> census.count(SYN_SENT) + census.count(ESTABLISHED) == room + extra);
        trial.observe(SYN_UNANSWERED, equalTo(extra), late.count(SYN_SENT));

        trial.step("they retransmit their SYN");
        int count = trial.knob(RETRANSMISSIONS);
        SynTimer retransmissions = SynTimer.follow(trial.client(), server, late, count);
        var dropped = trial.server().counters();
        trial.observe(TIMETABLE, times(Timetable.syn(trial.client(), count), 10), retransmissions::known);
        trial.observe(OVERFLOWS, atLeast(extra), () -> dropped.get("TcpExtListenOverflows"));
        trial.observe(DROPS, atLeast(extra), () -> dropped.get("TcpExtListenDrops"));
    }

    private RunningServer serve(Trial trial, Behaviour behaviour) {
        return trial.server().serve(behaviour, ServeOptions.defaults().withBacklog(trial.knob(BACKLOG)));
    }
}
