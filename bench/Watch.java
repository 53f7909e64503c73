import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.sample.Target;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.descriptive.Median;

/**
 * What a look of {@code lab watch} costs at very many sockets of this namespace, and what judging it does: the first, later ones with
 * nothing new, and later ones with one more connection for each hundred. {@code scripts/bench watch} starts it.
 */
final class Watch {
    private static final int SHARE = 100;
    private static final int REHEARSALS = 5;

    private final List<Double> looks = new ArrayList<>();
    private final List<Double> judging = new ArrayList<>();

    /** Arguments: the number of rounds, and the port of a server of this namespace that lets its connections wait. */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        Watch first = new Watch();
        Watch still = new Watch();
        Watch moved = new Watch();
        long started = System.nanoTime();
        try (TargetWatch watch = TargetWatch.open(new Target.InNamespace("self"))) {
            first.looks.add(millisSince(started));
            int sockets = first.judge(watch.next());
            System.out.printf(Locale.ROOT, "  sockets: %,d%n", sockets);
            for (int rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
                new Watch().take(watch);
            }
            for (int round = 0; round < rounds; round++) {
                still.take(watch);
                visit(server, sockets / SHARE);
                moved.take(watch);
            }
        }
        say("the first", first, first);
        say("with nothing new", still, first);
        say("with a hundredth new", moved, first);
    }

    private void take(TargetWatch watch) {
        long started = System.nanoTime();
        Look look = watch.next();
        looks.add(millisSince(started));
        judge(look);
    }

    private int judge(Look look) {
        long started = System.nanoTime();
        Overview overview = Overview.of(look);
        judging.add(millisSince(started));
        return overview.states().values().stream()
                .mapToInt(Overview.Level::sockets)
                .sum();
    }

    private static void visit(InetSocketAddress server, int peers) throws Exception {
        for (int peer = 0; peer < peers; peer++) {
            SocketChannel.open(server).close();
        }
    }

    private static void say(String what, Watch of, Watch first) {
        double look = middle(of.looks);
        double judged = middle(of.judging);
        System.out.printf(
                Locale.ROOT,
                "  %s: look %.0f ms, judging %.0f ms; together %.2f of the first%n",
                what,
                look,
                judged,
                (look + judged) / (middle(first.looks) + middle(first.judging)));
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static double middle(List<Double> numbers) {
        return Median.withDefaults().evaluate(numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
