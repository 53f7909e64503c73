package io.tcplab.experiments.catalogue;

import io.tcplab.client.ShortLived;
import io.tcplab.client.ShortLived.Closer;
import io.tcplab.experiments.*;
import io.tcplab.server.WellBehaved;

/** The kernel keeps no more TIME_WAIT than tcp_max_tw_buckets; what is beyond is closed without it, and only counted. */
public final class TimeWaitBuckets extends AbstractExperiment {
    public TimeWaitBuckets() {
        super("time-wait-buckets", """
                TIME_WAIT protects the next connection with the same four-tuple from stray segments of the last one, and
                answers the peer if it resends its FIN. There is a limit: once net.ipv4.tcp_max_tw_buckets of them exist
                in a namespace, the kernel closes further connections without it (inet_twsk_alloc fails, tcp_time_wait
                counts TCPTimeWaitOverflow and calls tcp_done). No call fails, the only message is a rate-limited line
                in the kernel's log, and the application works as before.

                That is why many lists of tuned sysctls lower the limit to "cure" TIME_WAIT. It really removes the
                protection from some connections, whichever come last. FIN_WAIT_2 of closed sockets uses the same
                buckets and is cut off too. Each bucket takes some 256 bytes; 100,000 of them are no reason to lower the
                limit.""");
        headline("beyond tcp_max_tw_buckets the kernel silently closes connections without TIME_WAIT");
        fault("tcp_max_tw_buckets is less than the number of closed connections");
        control("tcp_max_tw_buckets is the kernel's default");
        timeWaitKept();
        setByFault(CLIENT, "net.ipv4.tcp_max_tw_buckets", BUCKETS);
        require(knobs -> knobs.get(CONNECTIONS) > knobs.get(BUCKETS), "connections must be more than buckets");
        descriptors(IN_FLIGHT, 2, 20);
    }

    final Knob<Integer> BUCKETS =
            integer("buckets", 100, 1, 10_000, "net.ipv4.tcp_max_tw_buckets of the side that closes first");
    final Knob<Integer> CONNECTIONS =
            integer("connections", 500, 2, 20_000, "connections that it closes; must be more than buckets");
    final Knob<Integer> IN_FLIGHT = integer("in-flight", 16, 1, 1_000, "the most connections open at a time");

    final Expectation CAPPED = deciding(CLIENT, SOCK_DIAG, "at most tcp_max_tw_buckets are in TIME_WAIT");
    final Expectation OVERFLOW =
            deciding(CLIENT, COUNTERS, "each close beyond that is counted (TcpExtTCPTimeWaitOverflow)");
    final Expectation UNNOTICED = supporting(CLIENT, BYTES, "no client notices: each request is fully answered");

    final Measure KEPT = peak(CLIENT, TIME_WAIT, NEITHER);
    final Measure NOT_KEPT =
            count("client.TCPTimeWaitOverflow", "connections", LOWER, "connections that were closed without TIME_WAIT");
    final Measure MEMORY = memory(CLIENT, "after all have closed");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int n = trial.knob(CONNECTIONS);
        int buckets = trial.knob(BUCKETS);
        var server = trial.server().serve(new WellBehaved());
        trial.step("%,d connections, closed by the client".formatted(n));
        var report = trial.client()
                .load(new ShortLived(1, Closer.CLIENT), server, n, plan -> plan.withConcurrency(trial.knob(IN_FLIGHT)))
                .awaitEach(SOON);
        trial.keep("%,d connections".formatted(n), report);
        var closed = trial.client().awaitNone(ESTABLISHED, FIN_WAIT1, FIN_WAIT2);
        var counters = trial.client().counters();
        trial.observe(CAPPED, equalTo(buckets), closed.count(TIME_WAIT));
        trial.observe(OVERFLOW, equalTo(n - buckets), () -> counters.get("TcpExtTCPTimeWaitOverflow"));
        trial.observe(UNNOTICED, equalTo(n), report.completed());
        trial.measure(NOT_KEPT, counters.get("TcpExtTCPTimeWaitOverflow"));
        trial.measure(MEMORY, () -> trial.client().memory().bytes());
    }
}
