import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.NamespaceSandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * What it costs to make and to remove a cell, beside what the kernel takes for the same namespaces, link and addresses ({@code
 * bench/cell.c}). {@code scripts/bench cells} starts it.
 */
final class Cells {
    private static final int REHEARSALS = 3;
    private static final int CELLS = 50;

    private final List<Double> making = new ArrayList<>();
    private final List<Double> removing = new ArrayList<>();
    private final List<Double> both = new ArrayList<>();
    private final List<Double> kernel = new ArrayList<>();

    /** Arguments: the number of rounds, and the C program. They take turns: what else the machine does meets both. */
    public static void main(String[] arguments) throws Exception {
        for (int rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
            new Cells().make();
        }
        Cells cells = new Cells();
        for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
            cells.make();
            cells.let(arguments[1]);
        }
        say("making a cell and removing it", cells.both);
        say("  making", cells.making);
        say("  removing, of which the kernel does most later", cells.removing);
        say("the same namespaces, link and addresses in C", cells.kernel);
    }

    private void make() {
        NamespaceSandbox sandbox = new NamespaceSandbox();
        for (int cell = 0; cell < CELLS; cell++) {
            long start = System.nanoTime();
            Cell made = sandbox.open(CellPlan.plain());
            long there = System.nanoTime();
            made.close();
            long end = System.nanoTime();
            making.add((there - start) / 1e6);
            removing.add((end - there) / 1e6);
            both.add((end - start) / 1e6);
        }
    }

    private void let(String program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program, Integer.toString(CELLS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the C program failed");
        }
        times.lines().map(Double::valueOf).forEach(kernel::add);
    }

    private static void say(String what, List<Double> millis) {
        double[] values = millis.stream().mapToDouble(Double::doubleValue).toArray();
        double[] quantiles = Quantile.withDefaults().evaluate(values, 0.1, 0.5, 0.9);
        System.out.printf(
                Locale.ROOT,
                "  %s: %.2f ms (a tenth takes less than %.2f, a tenth more than %.2f)%n",
                what,
                quantiles[1],
                quantiles[0],
                quantiles[2]);
    }
}
