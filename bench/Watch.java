import io.tcplab.diagnose.Judge;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.sample.Target;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.descriptive.Median;

/**
 * What a look of {@code lab watch} costs at very many sockets of this namespace, and what judging it does, both in processor time: the
 * first, later ones with nothing new, and later ones with one or ten more connections for each hundred, which the bench makes and which
 * nobody accepts. {@code scripts/bench watch} starts it.
 */
final class Watch {
    private static final int REHEARSALS = 6;

    /** As long as lab watch looks back: what came before counts as little as what was always there. */
    private static final Duration WINDOW = Duration.ofSeconds(11);

    private static int visits;

    private final List<Double> looks = new ArrayList<>();
    private final List<Double> judging = new ArrayList<>();

    /** Arguments: the number of rounds, and the port of a server of this namespace that lets its connections wait. */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Watch first = new Watch();
        Watch still = new Watch();
        Watch hundredth = new Watch();
        Watch tenth = new Watch();
        Watch afresh = new Watch();
        Judge judge = new Judge();
        double started = processorMillis();
        try (TargetWatch watch = TargetWatch.open(new Target.InNamespace("self"))) {
            first.looks.add(processorMillis() - started);
            int sockets = first.judge(judge, watch.next());
            System.out.printf(Locale.ROOT, "  sockets: %,d%n", sockets);
            for (int rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
                new Watch().take(watch, judge);
            }
            for (int round = 0; round < rounds; round++) {
                rest(watch, judge);
                still.take(watch, judge);
                visit(port, sockets / 100);
                hundredth.take(watch, judge);
                visit(port, sockets / 10);
                tenth.take(watch, judge);
                afresh.judge(new Judge(), watch.next());
            }
        }
        first.say("the first", first);
        still.say("with nothing new", first);
        hundredth.say("with a hundredth new", first);
        tenth.say("with a tenth new", first);
        System.out.printf(Locale.ROOT, "  judging a look afresh: %.1f ms%n", middle(afresh.judging));
    }

    private void take(TargetWatch watch, Judge judge) {
        double started = processorMillis();
        Look look = watch.next();
        looks.add(processorMillis() - started);
        judge(judge, look);
    }

    private int judge(Judge judge, Look look) {
        double started = processorMillis();
        Overview overview = judge.overview(look);
        judging.add(processorMillis() - started);
        return overview.states().values().stream()
                .mapToInt(Overview.Level::sockets)
                .sum();
    }

    private static void rest(TargetWatch watch, Judge judge) throws InterruptedException {
        long end = System.nanoTime() + WINDOW.toNanos();
        while (System.nanoTime() < end) {
            new Watch().take(watch, judge);
            // As lab watch does.
            Thread.sleep(Duration.ofSeconds(1));
        }
    }

    /** Each time at another address: the ports of one are soon taken by connections that stay. */
    private static void visit(int port, int peers) throws Exception {
        InetSocketAddress server = new InetSocketAddress("127.0.1." + ++visits, port);
        for (int peer = 0; peer < peers; peer++) {
            SocketChannel.open(server).close();
        }
    }

    private void say(String what, Watch first) {
        double look = middle(looks);
        double judged = middle(judging);
        System.out.printf(
                Locale.ROOT,
                "  %s: look %.0f ms, judging %.1f ms; together %.2f of the first, judging %.3f of it%n",
                what,
                look,
                judged,
                (look + judged) / (middle(first.looks) + middle(first.judging)),
                judged / middle(first.judging));
    }

    /** Of the whole process: a look takes two threads. */
    private static double processorMillis() {
        com.sun.management.OperatingSystemMXBean system =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e6;
    }

    private static double middle(List<Double> numbers) {
        return Median.withDefaults().evaluate(numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
