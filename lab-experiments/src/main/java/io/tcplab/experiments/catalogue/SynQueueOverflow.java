package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;

/** How many half-open connections a listener holds: by tcp_max_syn_backlog without SYN cookies, by its backlog with them. */
public final class SynQueueOverflow extends AbstractExperiment {
    private static final String COOKIES = "net.ipv4.tcp_syncookies";
    private static final String MAX_SYN_BACKLOG = "net.ipv4.tcp_max_syn_backlog";
    private static final String SOMAXCONN = "net.core.somaxconn";

    /** More than any run sends. */
    private static final int ROOM_FOR_ALL = 4_096;

    public SynQueueOverflow() {
        super("syn-queue-overflow", """
                A SYN makes the server's kernel keep a half-open connection, SYN_RECV, until the client's ACK arrives.
                SYNs from addresses where nobody answers fill that memory: a SYN flood. The limit is in tcp_conn_request
                in net/ipv4/tcp_input.c, and isn't what the name tcp_max_syn_backlog suggests.

                There are two limits. A listener never holds more than min(backlog, net.core.somaxconn) + 1 in SYN_RECV
                (inet_csk_reqsk_queue_is_full; before Linux 6.14, and its backports, it was one less). With
                net.ipv4.tcp_syncookies at its default of 1 this is the only limit, and SYNs beyond it are answered with
                a cookie, so nobody is rejected. tcp_max_syn_backlog counts only with tcp_syncookies=0: a quarter of it
                is reserved for peers known to be alive (tcp_peer_is_proven), and SYNs from others are dropped when less
                than that is left. Such a client gets no answer, and resends its SYN after a second.

                To see it: ss -n state syn-recv lists them (a listener's Recv-Q counts only connections that wait for
                accept()); nstat shows ListenDrops without ListenOverflows; the kernel logs "possible SYN flooding on
                port". Fixes: leave tcp_syncookies on, and raise listen()'s backlog together with somaxconn; raising
                tcp_max_syn_backlog alone does nothing. A lower tcp_synack_retries shortens how long each one is kept.""");
        headline("half-open connections: what limits them with SYN cookies and without");
        fault("tcp_max_syn_backlog is small; with cookies on, and in the part about the backlog, the backlog is small");
        control("the same SYNs, with room for all");
        sysctls(COOKIES, MAX_SYN_BACKLOG, SOMAXCONN, "net.ipv4.tcp_synack_retries");
        wire();
        set(SERVER, SOMAXCONN, String.valueOf(ROOM_FOR_ALL));
    }

    final Knob<Integer> SMALL =
            integer("small", 8, 4, 1_000, MAX_SYN_BACKLOG + " of the first part, and again with cookies");
    final Knob<Integer> LARGER = integer("larger", 128, 4, 1_000, MAX_SYN_BACKLOG + " of the second part");
    final Knob<Integer> BACKLOG =
            integer("backlog", 50, 0, 1_000, "second argument of listen(2) in the parts where it is the limit");
    final Knob<Integer> EXTRA = integer("extra", 5, 1, 1_000, "SYNs beyond the limit");

    final Expectation COOKIES_OFF_SMALL = deciding(
            SERVER, SOCK_DIAG, "cookies off: a listener holds ¾ of tcp_max_syn_backlog, plus one, in SYN_RECV");
    final Expectation COOKIES_OFF_LARGER = deciding(SERVER, SOCK_DIAG, """
            cookies off: with a larger tcp_max_syn_backlog the listener holds more, by the same rule""");
    final Expectation DROPPED =
            deciding(SERVER, COUNTERS, "each SYN beyond that is dropped without an answer (TcpExtListenDrops)");
    final Expectation NO_OVERFLOW = supporting(
            SERVER, COUNTERS, "this isn't an accept queue overflow (TcpExtListenOverflows doesn't count it)");
    final Expectation COOKIES_OFF_BACKLOG = deciding(
            SERVER, COUNTERS, "cookies off, smaller backlog: SYNs beyond it are dropped too (TcpExtTCPReqQFullDrop)");
    final Expectation COOKIES_ON = deciding(SERVER, SOCK_DIAG, """
            cookies on: min(backlog, somaxconn) + 1 in SYN_RECV, although tcp_max_syn_backlog is smaller""");
    final Expectation ANSWERED =
            deciding(SERVER, COUNTERS, "each SYN beyond that gets a cookie (TcpExtTCPReqQFullDoCookies)");
    final Expectation NONE_DROPPED = supporting(SERVER, COUNTERS, "then no SYN is dropped (TcpExtListenDrops)");

    final Measure HELD =
            count("server.SYN_RECV.held", "connections", HIGHER, "half-open connections that the listener holds");
    final Measure DROPPED_SYNS = count("server.ListenDrops", "segments", LOWER, "SYNs dropped without an answer");
    final Measure COOKIES_SENT = count("server.SyncookiesSent", "segments", NEITHER, "SYNs answered with a cookie");
    final Measure MEMORY = memory(SERVER, "half-open, in SYN_RECV");

    /** As many SYNs as fill the larger queue, at a listener with the knob's backlog. */
    @Override
    public void measure(Trial trial) throws InterruptedException {
        SynFlood.nobodyThere(trial);
        int syns = SynQueue.byMaxSynBacklog(trial.knob(LARGER)) + trial.knob(EXTRA);
        Runnable weigh =
                () -> trial.measure(MEMORY, () -> trial.server().memory().bytes());
        Flood flood = Flood.of(trial, "as it is set", trial.knob(BACKLOG), syns, weigh);
        trial.measure(HELD, flood.halfOpen());
        trial.measure(DROPPED_SYNS, flood.counted(Flood.DROPS));
        trial.measure(COOKIES_SENT, flood.counted("TcpExtSyncookiesSent"));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        SynFlood.nobodyThere(trial);
        int extra = trial.knob(EXTRA);
        int backlog = roomForAllUnlessFaulty(trial, BACKLOG);
        int byBacklog = Math.min(trial.knob(BACKLOG), trial.server().intSysctl(SOMAXCONN)) + 1;
        int small = SynQueue.byMaxSynBacklog(trial.knob(SMALL));
        int larger = SynQueue.byMaxSynBacklog(trial.knob(LARGER));

        set(trial, 0, roomForAllUnlessFaulty(trial, SMALL));
        Flood first = Flood.of(trial, "cookies off", ROOM_FOR_ALL, small + extra);
        set(trial, 0, roomForAllUnlessFaulty(trial, LARGER));
        Flood second = Flood.of(trial, "cookies off, a larger queue", ROOM_FOR_ALL, larger + extra);
        trial.observe(COOKIES_OFF_SMALL, equalTo(small), first.halfOpen());
        trial.observe(COOKIES_OFF_LARGER, equalTo(larger), second.halfOpen());
        trial.observe(DROPPED, equalTo(2L * extra), () -> first.counted(Flood.DROPS) + second.counted(Flood.DROPS));
        trial.observe(NO_OVERFLOW, equalTo(0), () -> first.counted(Flood.OVERFLOWS) + second.counted(Flood.OVERFLOWS));

        set(trial, 0, ROOM_FOR_ALL);
        Flood third = Flood.of(trial, "cookies off, a small backlog", backlog, byBacklog + extra);
        trial.observe(COOKIES_OFF_BACKLOG, equalTo(extra), () -> third.counted("TcpExtTCPReqQFullDrop"));

        set(trial, 1, trial.knob(SMALL));
        Flood last = Flood.of(trial, "cookies on", backlog, byBacklog + extra);
        trial.observe(COOKIES_ON, equalTo(byBacklog), last.halfOpen());
        trial.observe(ANSWERED, equalTo(extra), () -> last.counted(Flood.COOKIES));
        trial.observe(NONE_DROPPED, equalTo(0), () -> last.counted(Flood.DROPS));
    }

    private static void set(Trial trial, int cookies, int maxSynBacklog) {
        trial.server().setSysctl(COOKIES, String.valueOf(cookies));
        trial.server().setSysctl(MAX_SYN_BACKLOG, String.valueOf(maxSynBacklog));
    }

    private static int roomForAllUnlessFaulty(Trial trial, Knob<Integer> knob) {
        return trial.faulty() ? trial.knob(knob) : ROOM_FOR_ALL;
    }
}
