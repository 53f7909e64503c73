package io.tcplab.compare.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction: among many tests some are below the bound by chance, so each p-value is made as large as to keep
 * the chance of a single false alarm among all of them.
 */
public final class Holm {
    private Holm() {}

    /** The corrected p-values, in the order of the given ones. */
    public static List<Double> corrected(List<Double> p) {
        List<Integer> ascending = IntStream.range(0, p.size())
                .boxed()
                .sorted(Comparator.comparing(p::get))
                .toList();
        Double[] corrected = new Double[p.size()];
        double largest = 0;
        for (int rank = 0; rank < ascending.size(); rank++) {
            int i = ascending.get(rank);
            largest = Math.max(largest, Math.min(1, p.get(i) * (p.size() - rank)));
            corrected[i] = largest;
        }
        return List.of(corrected);
    }
}
