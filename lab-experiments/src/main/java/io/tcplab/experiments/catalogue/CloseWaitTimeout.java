package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.sockets.Census;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The peers' timeouts are shorter than the handler's time: CLOSE_WAIT lasts for the rest of it. */
public final class CloseWaitTimeout extends AbstractExperiment {
    /** What a busy machine may add or take, in seconds; less than half of what the timeouts differ by. */
    private static final double SLACK = 1.4;

    public CloseWaitTimeout() {
        super("close-wait-timeout", """
                Nobody forgot close() here, and nothing leaks: the handler is slow, and its peer's timeout is shorter.
                The peer closes, the server's kernel acknowledges the FIN, and the connection is in CLOSE_WAIT until the
                handler gets back to its socket: for the handler's time minus the timeout. At r requests per second, r
                times this difference is in CLOSE_WAIT: a plateau, where a leak would be a slope.

                The work is wasted. The answer goes to a peer that has left, whose kernel replies with RST. Peers that
                retry send the same request again, which makes the handlers even slower. Fixes: timeouts that grow from
                the inside out (the back end's is the shortest), a handler that stops when it sees its peer's FIN
                (EPOLLRDHUP; in Netty, channelInactive), and a limit on concurrent requests.""");
        headline("peers that give up before the handler is done leave CLOSE_WAIT for the rest of its time");
        fault("the peers give up before the handler is done");
        control("the peers wait for the answer, then close");
        descriptors(CONNECTIONS, 6, 20);
        takes(knobs -> knobs.get(HANDLER).plusSeconds(1));
    }

    final Knob<Integer> CONNECTIONS = integer("connections", 5, 1, 500, "connections with each of the three timeouts");
    final Knob<Duration> HANDLER = seconds(
            "handler", 8, 8, 120, "time that a handler takes; the peers give up after 1 s, half of it, and 1 s less");

    final Expectation LASTS = deciding(SERVER, SOCK_DIAG, """
            CLOSE_WAIT lasts for the handler's time minus the peer's timeout, in seconds, for each timeout""");
    final Expectation ALL_WAIT = deciding(SERVER, SOCK_DIAG, """
            until the handlers finish, all are in CLOSE_WAIT with the request read and the FIN unread (Recv-Q 1)""");
    final Expectation ANSWERED_BY_RST = deciding(
            CLIENT, COUNTERS, "each answer reaches a peer that has closed, which replies with RST (TcpOutRsts)");

    final Measure LONGEST =
            timer("server.CLOSE_WAIT.longest", LOWER, "the longest time a connection spends in CLOSE_WAIT");
    final Measure PLATEAU = peak(SERVER, CLOSE_WAIT, LOWER);

    @Override
    public void run(Trial trial) throws InterruptedException {
        long handler = trial.knob(HANDLER).toSeconds();
        List<Long> timeouts = List.of(1L, handler / 2, handler - 1);
        trial.step("peers with timeouts of %s s send requests".formatted(timeouts));
        List<ImpatientPeers> groups = ImpatientPeers.open(trial, timeouts, trial.knob(CONNECTIONS));
        long begun = System.nanoTime();
        List<Long> before = new ArrayList<>();
        for (ImpatientPeers group : groups) {
            sleepUntil(begun, group.timeout());
            before.add(trial.server().census().atNanos());
            trial.stepIfFaulty("peers give up after %d s".formatted(group.timeout()), group::giveUp);
        }
        sleepUntil(begun, handler);

        trial.step("the handlers are done");
        Census still = trial.server().census();
        for (ImpatientPeers group : groups) {
            group.finish(trial);
        }
        Census after = trial.server().awaitNone(CLOSE_WAIT, LAST_ACK);
        long all = 3L * trial.knob(CONNECTIONS);
        List<Double> expected =
                timeouts.stream().map(timeout -> (double) handler - timeout).toList();
        // A group that wasn't seen in CLOSE_WAIT while the handlers were at work didn't wait at all.
        Trial.Evidence<List<Double>> lasted = () -> IntStream.range(0, groups.size())
                .mapToObj(i -> {
                    if (groups.get(i).inCloseWait(still) == 0) {
                        return 0.0;
                    }
                    requireInTime(begun, before.get(i), groups.get(i).timeout());
                    requireInTime(begun, after.atNanos(), handler);
                    return (after.atNanos() - before.get(i)) / 1e9;
                })
                .toList();
        trial.observe(LASTS, within(expected), lasted);
        long waiting =
                groups.stream().mapToLong(group -> group.inCloseWait(still)).sum();
        trial.observe(ALL_WAIT, equalTo(all), waiting);
        trial.observe(ANSWERED_BY_RST, atLeast(all), () -> trial.client().counter("TcpOutRsts"));
        trial.measure(LONGEST, () -> lasted.get().getFirst());
    }

    private static Expected<List<Double>> within(List<Double> times) {
        return new Expected<>(
                times + " ± " + SLACK + " s",
                observed -> IntStream.range(0, times.size())
                        .allMatch(i -> Math.abs(observed.get(i) - times.get(i)) <= SLACK));
    }

    /** How late a timeout or a handler is, is ours and not the kernel's. */
    private static void requireInTime(long begun, long now, long seconds) {
        double late = (now - begun) / 1e9 - seconds;
        busyUnless(late <= SLACK, "a timeout or the handlers were %.1f s late".formatted(late));
    }

    private static void sleepUntil(long begun, long seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begun + TimeUnit.SECONDS.toNanos(seconds) - System.nanoTime());
    }
}
