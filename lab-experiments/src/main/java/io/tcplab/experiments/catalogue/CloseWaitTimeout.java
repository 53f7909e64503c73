package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expected.atLeast;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.COUNTERS;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Expected;
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
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The peers' timeouts are shorter than the handler's time: CLOSE_WAIT lasts for the rest of it. */
public final class CloseWaitTimeout implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int REQUEST = 64;
    private static final int ANSWER = 64;

    /** What a busy machine may add or take, in seconds; less than half of what the timeouts differ by. */
    private static final double SLACK = 1.4;

    private static final Knob<Integer> CONNECTIONS =
            Knob.integer("connections", 5, 1, 500, "connections with each of the three timeouts");
    private static final Knob<Duration> HANDLER = Knob.seconds(
            "handler", 8, 8, 120, "time that a handler takes; the peers give up after 1 s, half of it, and 1 s less");

    static final Expectation LASTS = deciding(
            SERVER,
            SOCK_DIAG,
            "CLOSE_WAIT lasts for the handler's time less the peer's timeout, in seconds, each timeout");
    static final Expectation ALL_WAIT = deciding(
            SERVER,
            SOCK_DIAG,
            "until the handlers are done all are in CLOSE_WAIT, the request read and the FIN not (Recv-Q 1)");
    static final Expectation ANSWERED_BY_RST =
            deciding(CLIENT, COUNTERS, "each answer meets a peer that has closed, and is answered by RST (TcpOutRsts)");

    /**
     * Connections whose peers have the same timeout.
     *
     * @param timeout after which they give up, in seconds
     * @param ports the peers'
     */
    private record Group(long timeout, List<Connection> connections, Set<Integer> ports) {
        static Group of(long timeout, List<Connection> connections) {
            Set<Integer> ports = connections.stream()
                    .map(connection -> connection.client().local().getPort())
                    .collect(toUnmodifiableSet());
            return new Group(timeout, List.copyOf(connections), ports);
        }
    }

    private static final Measure LONGEST =
            Measure.timer("server.CLOSE_WAIT.longest", Better.LOWER, "the longest that a connection is in CLOSE_WAIT");

    @Override
    public Story story() {
        return new Story(
                "close-wait-timeout",
                "peers that give up before the handler is done leave CLOSE_WAIT for the rest of its time",
                """
                Nobody forgot close() here, and nothing leaks: a handler takes its time, and its peer's timeout is shorter. The peer
                closes, the server's kernel acknowledges that, and the connection is in CLOSE_WAIT until the handler
                comes back to its socket: handler's time less timeout. A server of so many requests a second then shows
                that many times this difference in CLOSE_WAIT, a plateau where a leak would show a slope.

                The work is wasted. Its answer is sent to a peer that has gone, whose kernel says RST; and peers that
                retry come back with the same request, which makes the handlers slower still. Remedies: timeouts that
                grow from the inside out (the back end's is the shortest), a handler that watches for its peer's FIN
                (EPOLLRDHUP; in Netty, channelInactive) and stops, and a limit on what is under way.\
                """,
                "the peers give up before the handler is done",
                "the peers wait for the answer, then close",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CONNECTIONS, HANDLER);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(LASTS, ALL_WAIT, ANSWERED_BY_RST);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(CONNECTIONS, 6, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return knobs.get(HANDLER).plusSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(LONGEST, Measure.peak(SERVER, CLOSE_WAIT, Better.LOWER));
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        long handler = trial.knob(HANDLER).toSeconds();
        List<Group> groups = open(trial, List.of(1L, handler / 2, handler - 1));
        long begun = System.nanoTime();
        List<Long> before = new ArrayList<>();
        for (Group group : groups) {
            sleepUntil(begun, group.timeout());
            before.add(trial.server().census().atNanos());
            giveUp(trial, group);
        }

        sleepUntil(begun, handler);
        trial.step("the handlers are done");
        Census still = trial.server().census();
        for (Group group : groups) {
            finish(trial, group);
        }
        Census after = trial.server().await(census -> census.count(CLOSE_WAIT) + census.count(LAST_ACK) == 0, SOON);
        observe(trial, groups, new Times(begun, before, after.atNanos()), still);
    }

    /**
     * When all happened, on System.nanoTime.
     *
     * @param begun when the handlers began
     * @param before each group's timeout, just before it gave up
     * @param after just after the last handler had closed
     */
    private record Times(long begun, List<Long> before, long after) {
        /**
         * How long a group was in CLOSE_WAIT, in seconds.
         *
         * @throws EvidenceMissing if its timeout or the handler took longer than they were to: those are ours, and not the kernel's
         */
        double closeWait(int group, long timeout, long handler) {
            double late = Math.max(seconds(begun, before.get(group)) - timeout, seconds(begun, after) - handler);
            if (late > SLACK) {
                throw new EvidenceMissing(String.format(
                        Locale.ROOT, "the machine was too busy: a timeout or the handlers were %.1f s late", late));
            }
            return seconds(before.get(group), after);
        }

        private static double seconds(long from, long to) {
            return (to - from) / 1e9;
        }
    }

    private static void observe(Trial trial, List<Group> groups, Times times, Census still) {
        long all = 3L * trial.knob(CONNECTIONS);
        long handler = trial.knob(HANDLER).toSeconds();
        List<Double> expected =
                groups.stream().map(group -> (double) handler - group.timeout()).toList();
        // A group that nobody saw in CLOSE_WAIT while the handlers were at work didn't wait at all.
        Trial.Evidence<List<Double>> lasted = () -> IntStream.range(0, groups.size())
                .mapToObj(i -> inCloseWait(still, groups.get(i)) == 0
                        ? 0.0
                        : times.closeWait(i, groups.get(i).timeout(), handler))
                .toList();
        trial.observe(LASTS, within(expected), lasted);
        trial.observe(
                ALL_WAIT,
                equalTo(all),
                () -> groups.stream()
                        .mapToLong(group -> inCloseWait(still, group))
                        .sum());
        trial.observe(
                ANSWERED_BY_RST, atLeast(all), () -> trial.client().counters().get("TcpOutRsts"));
        trial.measure(LONGEST, () -> lasted.get().getFirst());
    }

    private static Expected<List<Double>> within(List<Double> times) {
        return new Expected<>(
                times + " ± " + SLACK + " s",
                observed -> IntStream.range(0, times.size())
                        .allMatch(i -> Math.abs(observed.get(i) - times.get(i)) <= SLACK));
    }

    private static List<Group> open(Trial trial, List<Long> timeouts) throws InterruptedException {
        trial.step("peers with timeouts of %s s send requests".formatted(timeouts));
        Socket listener = Connection.listener(trial.server(), trial.knob(CONNECTIONS));
        List<Group> groups = new ArrayList<>();
        for (long timeout : timeouts) {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < trial.knob(CONNECTIONS); i++) {
                Connection connection = Connection.open(trial.client(), listener);
                connection.client().send(REQUEST).orThrow("send the request");
                read(connection.server(), REQUEST);
                connections.add(connection);
            }
            groups.add(Group.of(timeout, connections));
        }
        return groups;
    }

    private static void giveUp(Trial trial, Group group) {
        if (trial.faulty()) {
            trial.step("peers give up after %d s".formatted(group.timeout()));
            group.connections().forEach(connection -> connection.client().close());
        }
    }

    /** Each handler answers and, when its peer has gone, closes. */
    private static void finish(Trial trial, Group group) throws InterruptedException {
        for (Connection connection : group.connections()) {
            connection.server().send(ANSWER).orThrow("send the answer");
            if (!trial.faulty()) {
                read(connection.client(), ANSWER);
                connection.client().close();
                connection.server().receive(1, SOON).orThrow("read EOF");
            }
            connection.server().close();
        }
    }

    private static void read(Socket socket, int bytes) throws InterruptedException {
        for (int read = 0; read < bytes; ) {
            int part = socket.receive(bytes - read, SOON).orThrow("receive").length;
            if (part == 0) {
                throw new IllegalStateException("the stream ended after %d of %d bytes".formatted(read, bytes));
            }
            read += part;
        }
    }

    /** Those whose request has been read, and whose FIN has not. */
    private static long inCloseWait(Census census, Group group) {
        return census.in(CLOSE_WAIT).stream()
                .filter(socket -> group.ports().contains(socket.peer().getPort()))
                .filter(socket -> socket.recvQueue() == 1 && socket.hasOwner())
                .count();
    }

    private static void sleepUntil(long begun, long seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begun + TimeUnit.SECONDS.toNanos(seconds) - System.nanoTime());
    }
}
