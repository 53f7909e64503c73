import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.descriptive.Median;

/**
 * What it costs to count the sockets of this namespace beside {@code ss -tanH}. {@code scripts/bench census} starts it, and {@code
 * leak}. Arguments: the number of rounds, and the state in which most are.
 */
final class Census {
    private static final int REHEARSALS = 3;

    public static void main(String[] arguments) throws Exception {
        count(Integer.parseInt(arguments[0]), TcpState.valueOf(arguments[1]));
    }

    /** They take turns: what else the machine does meets both. */
    private static void count(int rounds, TcpState state) throws Exception {
        List<Double> counts = new ArrayList<>();
        List<Double> ss = new ArrayList<>();
        try (SockDiag diag = SockDiag.open(Namespace.current())) {
            for (int rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
                diag.counts(SocketQuery.all());
            }
            for (int round = 0; round < rounds; round++) {
                int before = diag.counts(SocketQuery.all()).of(state);
                long witness = lines("ss", "-tanH", "state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
                int after = diag.counts(SocketQuery.all()).of(state);
                if (witness > before || witness < after) { // they only become fewer
                    throw new IllegalStateException("ss counted %d, the lab %d before it and %d after it"
                            .formatted(witness, before, after));
                }
                if (round == 0) {
                    System.out.printf(Locale.ROOT, "  %s, by ss: %,d%n", state, witness);
                }
                counts.add(seconds(() -> diag.counts(SocketQuery.all())));
                ss.add(seconds(() -> lines("ss", "-tanH")));
            }
        }
        against("a count", counts, ss);
    }

    private interface Action {
        void take() throws IOException, InterruptedException;
    }

    private static double seconds(Action action) throws Exception {
        long start = System.nanoTime();
        action.take();
        return (System.nanoTime() - start) / 1e9;
    }

    private static long lines(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] chunk = new byte[1 << 16];
        long lines = 0;
        try (var output = process.getInputStream()) {
            for (int length; (length = output.read(chunk)) > 0; ) {
                for (int at = 0; at < length; at++) {
                    lines += chunk[at] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static void against(String what, List<Double> cost, List<Double> ss) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < cost.size(); round++) {
            ratios.add(cost.get(round) / ss.get(round));
        }
        System.out.printf(Locale.ROOT, "  %s: %.3f s; ss -tanH: %.3f s; ratio %.2f (%.2f to %.2f)%n", what, middle(cost),
                middle(ss), middle(ratios), Collections.min(ratios), Collections.max(ratios));
    }

    private static double middle(List<Double> numbers) {
        return Median.withDefaults().evaluate(numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
