package io.tcplab.compare.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * One setting's values in blocks: those of one machine stand together, because machines may differ by more than settings do. Samples that
 * are compared have the same blocks in the same order.
 *
 * @param values of each block; none where nothing was measured in it
 */
public record Blocks(List<double[]> values) {
    /** Copies the list. */
    public Blocks {
        values = List.copyOf(values);
    }

    /** All in one block. */
    public static Blocks of(double... values) {
        return new Blocks(List.of(values));
    }

    /** How many values there are. */
    public int size() {
        return values.stream().mapToInt(block -> block.length).sum();
    }

    /** How many there are in blocks in which the other has some, too. */
    public int sizeBeside(Blocks other) {
        return IntStream.range(0, values.size())
                .filter(i -> other.values().get(i).length > 0)
                .map(i -> values.get(i).length)
                .sum();
    }

    /** Whether there is no value. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Whether all values are the same, in all blocks. */
    public boolean isConstant() {
        double[] all = all();
        return Arrays.stream(all).allMatch(value -> value == all[0]);
    }

    /** The values without their blocks. */
    double[] all() {
        return values.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** The mean of the blocks' medians, each as heavy as it has values; there must be one. */
    double median() {
        return median(values.stream().mapToDouble(block -> block.length).toArray());
    }

    /** The same with other weights; a block without values must weigh nothing. */
    double median(double[] weights) {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) { // 0 × ∞ is no number
                sum += Bootstrap.median(values.get(i)) * weights[i];
                weight += weights[i];
            }
        }
        return sum / weight;
    }

    /** As many values, drawn within each block with repetition. */
    Blocks resampled(RandomGenerator random) {
        return new Blocks(values.stream().map(block -> resampled(block, random)).toList());
    }

    /** Some thousand times for a verdict, so without a stream of its own. */
    private static double[] resampled(double[] block, RandomGenerator random) {
        double[] drawn = new double[block.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = block[random.nextInt(0, block.length)];
        }
        return drawn;
    }
}
